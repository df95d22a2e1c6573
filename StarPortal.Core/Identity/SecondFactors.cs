using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>A key that an authenticator app is about to take over: shown, but not stored until a code proves that the app has it.</summary>
/// <param name="Key">Base 32, for typing.</param>
/// <param name="Uri">For the QR code: <c>otpauth://totp/…</c></param>
/// <param name="SealedKey">What the form carries: the key, protected, for this person and for an hour.</param>
public sealed record AuthenticatorSetup(string Key, string Uri, string SealedKey);

/// <summary>Authenticator keys and recovery codes inside a unit of work: making, proving, taking back.</summary>
public sealed class SecondFactors(IDataProtectionProvider protection, IOptions<PortalOptions> portal, WallClock wall)
{
    public const int RecoveryCodeCount = 10;

    private const string Provider = "[StarPortal]";
    private const string LastStepToken = "TotpLastStep";

    private static readonly TimeSpan SetupLifetime = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector setupProtector = protection.CreateProtector("StarPortal.AuthenticatorSetup.v1").ToTimeLimitedDataProtector();

    /// <summary>A new key to show. Stores nothing.</summary>
    public AuthenticatorSetup NewSetup(Guid userId, string userName) => Setup(userId, userName, Totp.NewKey());

    /// <summary>The same key once more, after a wrong code: the app has it already.</summary>
    /// <exception cref="ServiceException">Gone, after an hour.</exception>
    public AuthenticatorSetup SameSetup(Guid userId, string userName, string sealedKey) => Setup(userId, userName, OpenSetup(userId, sealedKey));

    internal async Task<bool> TakeCodeAsync(AccountWork work, PortalUser user, string code)
    {
        if (!user.TwoFactorEnabled || await work.Users.GetAuthenticatorKeyAsync(user) is not { } key) return false;
        var lastStep = long.TryParse(await work.Users.GetAuthenticationTokenAsync(user, Provider, LastStepToken), out var step) ? step : 0;
        if (Totp.Verify(key, code, wall.Now, lastStep) is not { } accepted) return false;
        await work.Users.SetAuthenticationTokenAsync(user, Provider, LastStepToken, accepted.ToString());
        return true;
    }

    internal static async Task<bool> TakeRecoveryCodeAsync(AccountWork work, PortalUser user, string code) =>
        (await work.Users.RedeemTwoFactorRecoveryCodeAsync(user, code.Trim().ToUpperInvariant())).Succeeded;

    /// <returns>Whether the code belongs to the key; then the key is the account's.</returns>
    internal async Task<bool> TryEnableAsync(AccountWork work, PortalUser user, string sealedKey, string code)
    {
        var key = OpenSetup(user.Id, sealedKey);
        if (Totp.Verify(key, code, wall.Now, lastStep: 0) is not { } step) return false;
        await work.Users.SetAuthenticationTokenAsync(user, PortalUserStore.InternalProvider, PortalUserStore.AuthenticatorKeyName, key);
        await work.Users.SetAuthenticationTokenAsync(user, Provider, LastStepToken, step.ToString());
        user.TwoFactorEnabled = true;
        return true;
    }

    internal static async Task DisableAsync(AccountWork work, PortalUser user)
    {
        user.TwoFactorEnabled = false;
        await work.Users.RemoveAuthenticationTokenAsync(user, Provider, LastStepToken);
        await work.Users.RemoveAuthenticationTokenAsync(user, PortalUserStore.InternalProvider, PortalUserStore.AuthenticatorKeyName);
    }

    /// <summary>Everything but the passphrase goes: authenticator app, passkeys, recovery codes.</summary>
    internal static async Task RemoveAllAsync(AccountWork work, PortalUser user)
    {
        await DisableAsync(work, user);
        await RemoveRecoveryCodesAsync(work, user);
        foreach (var passkey in await work.Users.GetPasskeysAsync(user)) await work.Users.RemovePasskeyAsync(user, passkey.CredentialId);
    }

    internal static Task RemoveRecoveryCodesAsync(AccountWork work, PortalUser user) =>
        work.Users.RemoveAuthenticationTokenAsync(user, PortalUserStore.InternalProvider, PortalUserStore.RecoveryCodesName);

    /// <returns>New codes to show once; those before them are worth nothing from now on.</returns>
    internal static async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(AccountWork work, PortalUser user) =>
        [.. await work.Users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodeCount) ?? []];

    private AuthenticatorSetup Setup(Guid userId, string userName, string key)
    {
        var issuer = Uri.EscapeDataString(portal.Value.Name);
        var uri = $"otpauth://totp/{issuer}:{Uri.EscapeDataString(userName)}?secret={key}&issuer={issuer}&digits={Totp.Digits}&period={Totp.StepSeconds}";
        return new(key, uri, setupProtector.Protect($"{userId:N} {key}", SetupLifetime));
    }

    private string OpenSetup(Guid userId, string sealedKey)
    {
        try
        {
            var opened = setupProtector.Unprotect(sealedKey).Split(' ');
            return opened[0] == userId.ToString("N") ? opened[1] : throw SignInErrors.SetupExpired();
        }
        catch (CryptographicException)
        {
            throw SignInErrors.SetupExpired();
        }
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <param name="Id">Its credential id in base64url: what a form names it by.</param>
public sealed record PasskeySummary(string Id, string Name, DateTimeOffset CreatedAt, bool IsBackedUp);

/// <summary>What a person's security page shows.</summary>
/// <param name="IsProven">Whether this session may change it: opened with the second factor, or there is none yet.</param>
public sealed record SecurityOverview(
    string UserName, bool HasAuthenticator, IReadOnlyList<PasskeySummary> Passkeys, int RecoveryCodesLeft, bool IsProven, bool IsDemoPersona)
{
    public bool HasSecondFactor => HasAuthenticator || Passkeys.Count > 0;
}

/// <summary>
/// A person's own second factors. Every change asks for the passphrase again, and once there is a second factor only a session that was opened
/// with it may change anything: a stolen passphrase must not be able to add a factor of its own. Each change closes the person's other sessions.
/// </summary>
public sealed class AccountSecurity(IServiceScopeFactory scopes, PassphraseCheck check, SecondFactors factors, TimeProvider clock)
{
    private const string Passphrase = "Passphrase";

    public async Task<SecurityOverview> GetAsync(Actor actor, CancellationToken ct)
    {
        await using var work = scopes.BeginAccountWork();
        var user = await work.GetUserAsync(actor.RequireSignedIn(), ct);
        var passkeys = (await work.Users.GetPasskeysAsync(user)).OrderBy(passkey => passkey.CreatedAt)
            .Select(passkey => new PasskeySummary(IdOf(passkey), passkey.Name ?? "Passkey", passkey.CreatedAt, passkey.IsBackedUp)).ToList();
        return new(
            user.UserName!, user.TwoFactorEnabled, passkeys, await work.Users.CountRecoveryCodesAsync(user),
            actor.HasSecondFactor || !(user.TwoFactorEnabled || passkeys.Count > 0), user.IsDemoPersona);
    }

    /// <summary>Takes the authenticator app over, when the code proves that it has the key.</summary>
    /// <returns>New recovery codes, to be shown once.</returns>
    /// <exception cref="ServiceException">Unauthenticated beside Passphrase; Invalid beside Code; Gone when the set-up has expired.</exception>
    public Task<IReadOnlyList<string>> EnableAuthenticatorAsync(string sealedKey, string code, string? passphrase, Actor actor, CancellationToken ct) =>
        ChangeAsync(actor, passphrase, AuditAction.SecondFactorEnabled, "authenticator app", async (work, user) =>
        {
            if (!await factors.TryEnableAsync(work, user, sealedKey, code))
                throw new ServiceException(ErrorKind.Invalid, "This code does not belong to the key above. Type the one that the app shows now.", "Code");
            return await SecondFactors.NewRecoveryCodesAsync(work, user);
        }, ct);

    /// <exception cref="ServiceException">Unauthenticated beside Passphrase.</exception>
    public Task DisableAuthenticatorAsync(string? passphrase, Actor actor, CancellationToken ct) =>
        ChangeAsync(actor, passphrase, AuditAction.SecondFactorDisabled, "authenticator app", async (work, user) =>
        {
            await SecondFactors.DisableAsync(work, user);
            await DropOrphanedCodesAsync(work, user, (await work.Users.GetPasskeysAsync(user)).Count);
            return true;
        }, ct);

    /// <returns>New recovery codes, to be shown once; the old ones are worth nothing from now on.</returns>
    public Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(string? passphrase, Actor actor, CancellationToken ct) =>
        ChangeAsync(actor, passphrase, AuditAction.RecoveryCodesRenewed, null, async (work, user) => await work.HasSecondFactorAsync(user)
            ? await SecondFactors.NewRecoveryCodesAsync(work, user)
            : throw new ServiceException(ErrorKind.Conflict, "Recovery codes stand in for a second factor: set one up first."), ct);

    /// <summary>Before the browser makes a passkey: whether this session may add one at all.</summary>
    public async Task<PasskeyUserEntity> BeginPasskeyAsync(string? passphrase, Actor actor, CancellationToken ct)
    {
        await using var work = scopes.BeginAccountWork();
        var user = await work.GetUserAsync(actor.RequireSignedIn(), ct);
        await RequireProvenAsync(work, user, actor);
        await check.RequireAsync(user.Id, passphrase, actor, Passphrase, ct);
        return new() { Id = user.Id.ToString(), Name = user.UserName!, DisplayName = user.FullName };
    }

    /// <summary>Stores a passkey that has just been verified against the challenge of <see cref="BeginPasskeyAsync"/>, which asked for the passphrase.</summary>
    /// <returns>Recovery codes, to be shown once, when this is the account's first second factor; otherwise none.</returns>
    public Task<IReadOnlyList<string>> AddPasskeyAsync(UserPasskeyInfo passkey, string? name, Actor actor, CancellationToken ct) =>
        ChangeProvenAsync(actor, AuditAction.PasskeyAdded, NameOf(name), async (work, user) =>
        {
            if (!passkey.IsUserVerified) throw SignInErrors.PasskeyRefused();
            var isFirst = !await work.HasSecondFactorAsync(user);
            passkey.Name = NameOf(name);
            await work.Users.AddOrUpdatePasskeyAsync(user, passkey);
            return isFirst ? await SecondFactors.NewRecoveryCodesAsync(work, user) : [];
        }, ct);

    /// <exception cref="ServiceException">Unauthenticated beside Passphrase; NotFound.</exception>
    public Task RemovePasskeyAsync(string passkeyId, string? passphrase, Actor actor, CancellationToken ct) =>
        ChangeAsync(actor, passphrase, AuditAction.PasskeyRemoved, null, async (work, user) =>
        {
            var passkeys = await work.Users.GetPasskeysAsync(user);
            var passkey = passkeys.FirstOrDefault(candidate => IdOf(candidate) == passkeyId) ?? throw new ServiceException(ErrorKind.NotFound, "There is no such passkey.");
            await work.Users.RemovePasskeyAsync(user, passkey.CredentialId);
            await DropOrphanedCodesAsync(work, user, passkeysLeft: passkeys.Count - 1);
            return true;
        }, ct);

    private async Task<T> ChangeAsync<T>(
        Actor actor, string? passphrase, AuditAction action, string? detail, Func<AccountWork, PortalUser, Task<T>> change, CancellationToken ct)
    {
        await check.RequireAsync(actor.RequireSignedIn(), passphrase, actor, Passphrase, ct);
        return await ChangeProvenAsync(actor, action, detail, change, ct);
    }

    private async Task<T> ChangeProvenAsync<T>(
        Actor actor, AuditAction action, string? detail, Func<AccountWork, PortalUser, Task<T>> change, CancellationToken ct)
    {
        await using var work = scopes.BeginAccountWork();
        var user = await work.GetUserAsync(actor.RequireSignedIn(), ct);
        await RequireProvenAsync(work, user, actor);

        var result = await change(work, user);
        user.SecurityStamp = SecureTokens.NewToken();
        work.Db.AuditRecords.Add(AuditRecord.Of(action, actor, "user", user.Id, clock.GetUtcNow(), detail));
        await work.SaveAsync(user, ct);
        return result;
    }

    private static async Task RequireProvenAsync(AccountWork work, PortalUser user, Actor actor)
    {
        if (!actor.HasSecondFactor && await work.HasSecondFactorAsync(user)) throw SignInErrors.NeedsProvenSession();
    }

    /// <summary>Recovery codes of a factor that is gone would be a second factor nobody knows of.</summary>
    private static async Task DropOrphanedCodesAsync(AccountWork work, PortalUser user, int passkeysLeft)
    {
        if (!user.TwoFactorEnabled && passkeysLeft == 0) await SecondFactors.RemoveRecoveryCodesAsync(work, user);
    }

    private static string IdOf(UserPasskeyInfo passkey) => System.Buffers.Text.Base64Url.EncodeToString(passkey.CredentialId);

    private static string NameOf(string? name)
    {
        var kept = new string([.. (name ?? "").Where(character => !char.IsControl(character))]).Trim();
        return kept.Length == 0 ? "Passkey" : kept.Length <= 60 ? kept : kept[..60];
    }
}

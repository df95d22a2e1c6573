using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Components.Account;

/// <summary>Hands a browser's WebAuthn answer to ASP.NET Core's verifier, which has the challenge in its cookie, and the outcome to Identity.</summary>
internal static class PasskeyDoor
{
    /// <returns>Whose passkey it is.</returns>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public static async Task<Guid> SignInAsync(SignInManager<PortalUser> passkeys, SignInService signIn, string? credential, Actor visitor)
    {
        if (string.IsNullOrEmpty(credential)) throw SignInErrors.PasskeyRefused();
        try
        {
            var result = await passkeys.PerformPasskeyAssertionAsync(credential);
            if (!result.Succeeded) throw SignInErrors.PasskeyRefused();
            await signIn.CompletePasskeyAsync(result.User.Id, result.Passkey, visitor, CancellationToken.None);
            return result.User.Id;
        }
        catch (InvalidOperationException)
        {
            throw SignInErrors.ChallengeGone(); // no cookie: the page was open for too long, or this is a repeat
        }
    }

    /// <returns>Recovery codes, when this is the account's first second factor.</returns>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public static async Task<IReadOnlyList<string>> AddAsync(SignInManager<PortalUser> passkeys, AccountSecurity security, PasskeyInput? input, Actor actor)
    {
        if (string.IsNullOrEmpty(input?.Credential)) throw SignInErrors.PasskeyRefused();
        try
        {
            var result = await passkeys.PerformPasskeyAttestationAsync(input.Credential);
            if (!result.Succeeded || result.UserEntity.Id != actor.RequireSignedIn().ToString()) throw SignInErrors.PasskeyRefused();
            return await security.AddPasskeyAsync(result.Passkey, input.Name, actor, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw SignInErrors.ChallengeGone();
        }
    }
}

using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>A passphrase as it may be kept.</summary>
/// <param name="Hash">As <see cref="IdentityUser{TKey}.PasswordHash"/> has it.</param>
/// <param name="Hint">Sealed; null: none.</param>
public sealed record SealedPassphrase(string Hash, byte[]? Hint);

/// <summary>
/// New passphrases for signing in, and their hints: judged, hashed, sealed. Hints are under the data-protection key ring, which lies in the database sealed under the
/// server key: a stolen database does not tell them.
/// </summary>
public sealed class SignInPassphrases(IPasswordHasher<PortalUser> hasher, PassphrasePolicy policy, IDataProtectionProvider protection)
{
    /// <summary>Form fields, beside which refusals belong.</summary>
    public const string PassphraseField = "Passphrase";
    public const string HintField = "Hint";

    /// <summary>Two hundred characters in UTF-8, and what protection adds.</summary>
    public const int MaxSealedHint = 1_200;

    private static readonly PortalUser Nobody = new() { FullName = "" };

    private readonly IDataProtector protector = protection.CreateProtector("StarPortal.PassphraseHint.v1");

    /// <param name="passphrase">The new one.</param>
    /// <param name="hint">May be empty.</param>
    /// <param name="personal">See <see cref="PassphrasePolicy.Check"/>.</param>
    /// <exception cref="ServiceException">Invalid, beside Passphrase or Hint.</exception>
    public void Require(string? passphrase, string? hint, IEnumerable<string> personal)
    {
        policy.Require(passphrase ?? "", personal, PassphraseField);
        if (HintRules.FindProblem(hint, passphrase) is { } problem) throw new ServiceException(ErrorKind.Invalid, problem, HintField);
    }

    public SealedPassphrase Seal(string passphrase, string? hint) =>
        new(hasher.HashPassword(Nobody, passphrase), string.IsNullOrWhiteSpace(hint) ? null : protector.Protect(Encoding.UTF8.GetBytes(hint.Trim())));

    /// <summary>Whether it is the passphrase that was hashed.</summary>
    public bool Matches(string hash, string? passphrase) =>
        hasher.VerifyHashedPassword(Nobody, hash, passphrase is { Length: <= PassphrasePolicy.MaxLength } ? passphrase : "") is not PasswordVerificationResult.Failed;

    /// <returns>Null: the person gave none.</returns>
    public string? OpenHint(PortalUser user) => user.SealedHint is { } hint ? Encoding.UTF8.GetString(protector.Unprotect(hint)) : null;
}

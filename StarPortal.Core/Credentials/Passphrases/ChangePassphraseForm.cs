using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>What somebody types who changes the passphrase.</summary>
public sealed record ChangePassphraseForm
{
    public string? UserName { get; set; }

    public string? OldPassphrase { get; set; }

    public string? Passphrase { get; set; }

    public string? PassphraseAgain { get; set; }

    public string? Hint { get; set; }

    /// <summary>What can be said by looking at the form alone: it tells nothing about accounts.</summary>
    /// <exception cref="ServiceException">Invalid, beside the field.</exception>
    internal PassphrasePair Require(SignInPassphrases passphrases)
    {
        if (string.IsNullOrWhiteSpace(UserName)) throw CredentialErrors.FieldMissing(nameof(UserName));
        if (string.IsNullOrEmpty(OldPassphrase)) throw CredentialErrors.FieldMissing(nameof(OldPassphrase));
        if (string.IsNullOrEmpty(Passphrase)) throw CredentialErrors.FieldMissing(nameof(Passphrase));
        if (Passphrase == OldPassphrase) throw CredentialErrors.SamePassphrase();
        passphrases.Require(Passphrase, Hint, [UserName]);
        if (Passphrase != PassphraseAgain) throw CredentialErrors.PassphrasesDiffer();
        return new PassphrasePair(OldPassphrase, Passphrase);
    }
}

/// <summary>What came of a change.</summary>
/// <param name="UserId">Whose passphrase it was.</param>
/// <param name="Keys">Every key of the person that the portal keeps.</param>
public sealed record PassphraseChanged(Guid UserId, IReadOnlyList<KeyChange> Keys);

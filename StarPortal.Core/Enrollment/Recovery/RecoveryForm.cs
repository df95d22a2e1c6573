using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>What somebody types who has forgotten the passphrase.</summary>
public sealed record RecoveryForm
{
    public string? UserName { get; set; }

    public string? Passphrase { get; set; }

    public string? PassphraseAgain { get; set; }

    public string? Hint { get; set; }

    /// <summary>By looking at the form alone: nothing here tells about accounts.</summary>
    /// <exception cref="ServiceException">Invalid, beside the field.</exception>
    internal void Require(SignInPassphrases passphrases)
    {
        if (string.IsNullOrWhiteSpace(UserName)) throw RequestErrors.Missing(nameof(UserName));
        if (string.IsNullOrEmpty(Passphrase)) throw RequestErrors.Missing(nameof(Passphrase));
        passphrases.Require(Passphrase, Hint, [UserName]);
        if (Passphrase != PassphraseAgain) throw RequestErrors.Unusable("The two are not the same. Type the new passphrase again, in both fields.", nameof(PassphraseAgain));
    }
}

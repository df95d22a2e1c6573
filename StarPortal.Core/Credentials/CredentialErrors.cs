using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>What this room expects to go wrong, in words for people.</summary>
public static class CredentialErrors
{
    /// <summary>The form field of the passphrase.</summary>
    public const string PassphraseField = "Passphrase";

    /// <summary>Also for a certificate of somebody else: whether it exists is nobody's business.</summary>
    public static ServiceException NotFound() => new(ErrorKind.NotFound, "You have no such certificate.");

    public static ServiceException NoKey() =>
        new(ErrorKind.Conflict, "You made the key of this certificate yourself, so the portal does not have it. Download the certificate and put it beside your key.");

    public static ServiceException Revoked() =>
        new(ErrorKind.Conflict, "This certificate has been revoked: its key is no longer handed out. Ask for a new certificate.");

    public static ServiceException PassphraseMissing() =>
        new(ErrorKind.Invalid, "Enter the passphrase that you chose when you asked for the certificate.", PassphraseField);

    public static ServiceException WrongPassphrase(int left) => new(ErrorKind.Invalid, left switch
    {
        0 => "That is not the passphrase of this key. You have to wait before you can try again.",
        1 => "That is not the passphrase of this key. One try is left, then you have to wait.",
        _ => $"That is not the passphrase of this key. {left} tries are left, then you have to wait.",
    }, PassphraseField);

    public static ServiceException TooManyAttempts(TimeSpan wait) =>
        new(ErrorKind.TooMany, $"Too many wrong passphrases. Try again in {Math.Max(1, Math.Ceiling(wait.TotalMinutes))} min.", PassphraseField) { RetryAfter = wait };

    /// <summary>Unknown, unconfirmed, resting or a wrong passphrase: the same words for all.</summary>
    public static ServiceException ChangeRefused() => new(ErrorKind.Unauthenticated,
        "Nothing was changed: the user name or the present passphrase is wrong, the e-mail address is not confirmed yet, or the account rests for some minutes after several wrong tries.");

    public static ServiceException PassphrasesDiffer() => new(ErrorKind.Invalid, "The two are not the same. Type the new passphrase again, in both fields.", "PassphraseAgain");

    public static ServiceException SamePassphrase() => new(ErrorKind.Invalid, "This is the passphrase that you have now. Choose another one.", PassphraseField);

    public static ServiceException FieldMissing(string field) => new(ErrorKind.Invalid, "Please fill this in.", field);

    public static ServiceException HintsOff() => new(ErrorKind.Conflict, "Hints are switched off on this portal.");

    public static ServiceException AttemptUnderWay() =>
        new(ErrorKind.TooMany, "This passphrase is being tried already, by another download or renewal. Try again in a moment.", PassphraseField) { RetryAfter = TimeSpan.FromSeconds(2) };
}

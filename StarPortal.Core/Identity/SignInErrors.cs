using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>Refusals at the door. One answer for every reason, so that it tells nothing about accounts.</summary>
public static class SignInErrors
{
    /// <summary>Unknown, unconfirmed, locked or a wrong passphrase: the same words for all.</summary>
    public static ServiceException Refused() => new(
        ErrorKind.Unauthenticated,
        "That did not work: the user name or the passphrase is wrong, the e-mail address is not confirmed yet, or the account rests for some minutes after several wrong tries.");

    public static ServiceException CodeRefused() => new(
        ErrorKind.Unauthenticated, "This code is not right, has been used already, or the account rests for some minutes after several wrong tries.", "Code");

    public static ServiceException PasskeyRefused() => new(
        ErrorKind.Unauthenticated, "This passkey does not open an account here. Sign in with your passphrase, or ask an administrator.");

    public static ServiceException ChallengeGone() => new(
        ErrorKind.Unauthenticated, "This page was open for too long, or its answer was sent twice. Load the page again and repeat.");

    public static ServiceException PassphraseRefused(string field) => new(
        ErrorKind.Unauthenticated, "That is not the passphrase, or the account rests for some minutes after several wrong tries.", field);

    public static ServiceException TooManyAttempts(TimeSpan wait) => new(
        ErrorKind.TooMany, $"Too many tries from your network. Try again in {Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes))} minutes.") { RetryAfter = wait };

    public static ServiceException NeedsProvenSession() => new(
        ErrorKind.Forbidden, "Your account has a second factor: sign in with it before you change anything here.");

    public static ServiceException SetupExpired() => new(
        ErrorKind.Gone, "This set-up has been open for too long. Scan the new code below and try again.");
}

using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What goes wrong with stored credentials.</summary>
public static partial class MyProxyErrors
{
    // Passphrases

    /// <summary>Also for a user name of which there is nothing, when the client did not say who it is.</summary>
    public static ServiceException BadPassphrase() => new(ErrorKind.Unauthenticated, "Bad password\ninvalid credential passphrase");

    public static ServiceException UnusablePassphrase() => new(ErrorKind.Unauthenticated, "invalid credential passphrase");

    public static ServiceException NoPassphrase() => new(ErrorKind.Unauthenticated, "no passphrase\nauthentication failed");

    public static ServiceException SelfAuthorization() => new(ErrorKind.Forbidden, "no passphrase\nself-authz not allowed for renewer\nauthentication failed");

    public static ServiceException PassphraseTooShort() => new(ErrorKind.Invalid, $"Pass phrase too short.  Must be at least {PassphraseRules.MinLength} characters long.");

    public static ServiceException PassphraseTooLong() => new(ErrorKind.Invalid, $"Pass phrase too long.  Must be at most {PassphraseRules.MaxBytes} bytes long.");

    public static ServiceException PassphraseRequired() => new(ErrorKind.Invalid, "This server stores no credentials without a pass phrase.");

    public static ServiceException TooManyAttempts(TimeSpan wait) =>
        new(ErrorKind.TooMany, $"Too many wrong pass phrases. Try again in {Math.Max(1, Math.Ceiling(wait.TotalMinutes))} min.") { RetryAfter = wait };

    // Finding and owning

    public static ServiceException NoCredentials(CredentialKey key) => new(ErrorKind.NotFound, key.CredentialName.Length == 0
        ? $"No credentials exist for username \"{key.UserName}\"."
        : $"No credentials exist with username \"{key.UserName}\" and credential name \"{key.CredentialName}\".");

    public static ServiceException NoCredentialsOf(string userName, MyProxyClient client) =>
        new(ErrorKind.NotFound, $"no credentials found for user {userName}, owner \"{client.Name}\" ");

    public static ServiceException NothingToRemove() => new(ErrorKind.NotFound, "Credentials do not exist. ");

    public static ServiceException NotOwned(MyProxyClient client) => new(ErrorKind.Forbidden, $"Credentials not owned by \"{client.Name}\".");

    public static ServiceException NotOwner(MyProxyClient client) => new(ErrorKind.Forbidden, $"'{client.Name}' does not own the credentials");

    public static ServiceException StoredBySomebodyElse(CredentialKey key, MyProxyClient client) => new(ErrorKind.Conflict, string.Join('\n',
        (string[])[
            $"Credentials are already stored for user {key.UserName}",
            .. key.CredentialName.Length == 0 ? (string[])[] : [$"and credential name \"{key.CredentialName}\""],
            "and they are not owned by", $"\"{client.Name}\",", "so you may not overwrite them.",
            "Please choose a different username or credential name or", "contact your myproxy-server administrator.",
        ]));

    public static ServiceException Changed() => new(ErrorKind.Conflict, "The credentials were changed by somebody else meanwhile. Try again.");

    public static ServiceException TooManyStored(int limit) => new(ErrorKind.TooMany, $"You have {limit} credentials stored, which is as many as one may have. Remove one first.");

    // Policies

    public static ServiceException NotAuthorized(MyProxyClient client, string whose, string policy) =>
        new(ErrorKind.Forbidden, $"\"{client.Name}\" not authorized by {whose} {policy} policy");

    public static ServiceException NotAccepted(MyProxyClient client) =>
        new(ErrorKind.Forbidden, $"\"{client.Name}\" not authorized to store credentials on this server (accepted_credentials policy)");

    public static ServiceException LimitedClient() => new(ErrorKind.Forbidden, "Client with limited proxy may not retrieve full credentials.");

    public static ServiceException WrongProof() => new(ErrorKind.Unauthenticated, "The proxy that was shown for the renewal is of another name than the credentials.\nauthentication failed");

    public static ServiceException BadPattern(string pattern) =>
        new(ErrorKind.Invalid, $"This is no pattern of names: \"{(pattern.Length > 100 ? $"{pattern[..100]}…" : pattern)}\"");

    // Content

    public static ServiceException Locked(string message) => new(ErrorKind.Conflict, $"credential locked\n{message}");

    public static ServiceException LockedByAdministrator() => new(ErrorKind.Conflict, "An administrator locked this credential: ask for it to be unlocked.");

    public static ServiceException NotLocked() => new(ErrorKind.Conflict, "This credential is not locked.");

    public static ServiceException NoLockMessage() => new(ErrorKind.Invalid, "Say why it is locked: whoever tries to log on reads it.", "Message");

    /// <summary>Also for a credential of somebody else: whether it exists is nobody's business.</summary>
    public static ServiceException NotFound() => new(ErrorKind.NotFound, "You have no such credential.");

    public static ServiceException NothingStored(CredentialKey key) => new(ErrorKind.NotFound, $"There is no stored credential {MyProxyAudit.Describe(key)}.");

    /// <param name="problem">OpenSSL's words.</param>
    public static ServiceException NotVerified(string problem) => new(ErrorKind.Conflict, $"X509_verify_cert() failed: {problem}");

    public static ServiceException NotValid(string why) => new(ErrorKind.Invalid, $"Credentials are not valid.\n{why}");

    public static ServiceException NotAcceptable(string why) => new(ErrorKind.Invalid, $"Failed to accept credentials.\n{why}");

    public static ServiceException BadName(string what, int limit) => new(ErrorKind.Invalid, $"Invalid {what} received: one has up to {limit} characters, and no control characters.");

    public static ServiceException BadUserName() => new(ErrorKind.Invalid, "Invalid username received.");

    public static ServiceException BadCredentialName() => new(ErrorKind.Invalid, "Invalid credential name received: one has no comma.");

    public static ServiceException StoredHereAlready(CredentialKey key) =>
        new(ErrorKind.Conflict, $"{MyProxyAudit.Describe(key)} has a credential here that did not come from a directory. Remove that first.");

    public static ServiceException BadDirectory(string path, string why) => new(ErrorKind.Invalid, $"{path}: {why}");
}

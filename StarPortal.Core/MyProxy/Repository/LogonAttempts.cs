namespace StarPortal.Core.MyProxy;

/// <summary>Wrong passphrases for a user name, on all nodes; of names that do not exist as well, so that the answers are the same.</summary>
internal sealed class LogonAttempts
{
    private LogonAttempts()
    {
    }

    /// <summary>See <see cref="CredentialKey"/>.</summary>
    public string UserHash { get; private set; } = "";

    /// <summary>In a row, the one that is being judged among them: a concurrency token, so that guesses can't run side by side.</summary>
    public int Count { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    public static LogonAttempts First(string userHash, DateTimeOffset now) => new() { UserHash = userHash, Count = 1, LastAt = now };

    /// <summary>Whether the row says anything any more.</summary>
    public bool CountsAt(TimeSpan wait, DateTimeOffset now) => Count > 0 && LastAt + wait > now;

    /// <summary>How long no guess is taken; null when one may try now. What is refused meanwhile does not make it longer.</summary>
    public TimeSpan? WaitAt(int limit, TimeSpan wait, DateTimeOffset now) => Count >= limit && LastAt + wait > now ? LastAt + wait - now : null;

    public void Add(TimeSpan wait, DateTimeOffset now) => (Count, LastAt) = (CountsAt(wait, now) ? Count + 1 : 1, now);

    /// <summary>The passphrase was right.</summary>
    public void Clear() => Count = 0;
}

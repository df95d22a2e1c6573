using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>
/// A person's private key, kept for download: PKCS#8 encrypted under the passphrase that only the person knows, and that once more under the
/// server key. Neither the database nor the server key is enough to read it. Certificates made from somebody's own PKCS#10 request have none.
/// </summary>
public sealed class Credential
{
    private Credential()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid UserId { get; private set; }

    /// <summary>Unique: one key a certificate.</summary>
    public Guid CertificateId { get; private set; }

    /// <summary>The encrypted PKCS#8 inside the server key's envelope.</summary>
    public byte[] SealedKey { get; private set; } = [];

    public DateTimeOffset StoredAt { get; private set; }

    public DateTimeOffset? DownloadedAt { get; private set; }

    /// <summary>Wrong passphrases in a row, the one that is being checked among them: a concurrency token, so that guesses can't run side by side.</summary>
    public int Attempts { get; private set; }

    public DateTimeOffset? LastAttemptAt { get; private set; }

    internal static Credential Store(Guid userId, Guid certificateId, byte[] sealedKey, DateTimeOffset now) =>
        new() { UserId = userId, CertificateId = certificateId, SealedKey = sealedKey, StoredAt = now };

    /// <summary>How long no guess is taken; null when one may try now.</summary>
    public TimeSpan? WaitAt(int limit, TimeSpan wait, DateTimeOffset now) =>
        Attempts >= limit && LastAttemptAt + wait > now ? LastAttemptAt + wait - now : null;

    /// <summary>How many wrong guesses are left before one has to wait.</summary>
    public int TriesLeftAt(int limit, TimeSpan wait, DateTimeOffset now) => LastAttemptAt + wait <= now ? limit : Math.Max(0, limit - Attempts);

    /// <summary>Counts a guess before it is judged: whoever cuts the connection has spent it all the same.</summary>
    /// <exception cref="ServiceException">TooMany: the limit was reached less than <paramref name="wait"/> ago.</exception>
    public void BeginAttempt(int limit, TimeSpan wait, DateTimeOffset now)
    {
        if (WaitAt(limit, wait, now) is { } time) throw CredentialErrors.TooManyAttempts(time);
        if (LastAttemptAt + wait <= now) Attempts = 0;
        (Attempts, LastAttemptAt) = (Attempts + 1, now);
    }

    /// <summary>The same key under another passphrase. A guess that is under way is counted as before.</summary>
    internal void ChangeKey(byte[] sealedKey) => SealedKey = sealedKey;

    /// <summary>The holder has the key now.</summary>
    public void MarkDownloaded(DateTimeOffset now) => DownloadedAt = now;
}

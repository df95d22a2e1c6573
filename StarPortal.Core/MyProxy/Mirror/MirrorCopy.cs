namespace StarPortal.Core.MyProxy;

/// <summary>That a stored credential is another portal's copy: whose, and of which content.</summary>
internal sealed class MirrorCopy
{
    private MirrorCopy()
    {
    }

    /// <summary>The stored credential's.</summary>
    public Guid CredentialId { get; private set; }

    /// <summary>The name that the portal gives itself.</summary>
    public string Source { get; private set; } = "";

    /// <summary>What that portal said of the content.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>The stored credential's, right after the copy came: another means that it was changed here.</summary>
    public int Revision { get; private set; }

    /// <summary>Whether the lock came with it: then it goes with it. An administrator's own stays.</summary>
    public bool IsLockTheirs { get; private set; }

    public DateTimeOffset ReceivedAt { get; private set; }

    public static MirrorCopy Of(StoredCredential credential, string source) => new() { CredentialId = credential.Id, Source = source };

    /// <summary>What came is stored: its lock is put on, or lifted, unless an administrator here locked it.</summary>
    /// <param name="credential">With the content that came.</param>
    /// <param name="lockMessage">Null: it came without.</param>
    public void Receive(StoredCredential credential, string digest, string? lockMessage, DateTimeOffset now)
    {
        if (credential.LockMessage is null || IsLockTheirs)
        {
            credential.FollowLock(lockMessage);
            IsLockTheirs = lockMessage is not null;
        }

        (Digest, Revision, ReceivedAt) = (digest, credential.Revision, now);
    }
}

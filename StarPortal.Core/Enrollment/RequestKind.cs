namespace StarPortal.Core.Enrollment;

/// <summary>What a request is for. Kept as text.</summary>
public enum RequestKind
{
    /// <summary>A certificate, the first or one more.</summary>
    Certificate,

    /// <summary>The passphrase is forgotten: a new key for the same name, under a new passphrase. What was before ends when it is issued.</summary>
    Recovery,

    /// <summary>The device is lost and everything revoked: a new key for the same name.</summary>
    Replacement,
}

namespace StarPortal.Core.Revocation;

/// <summary>Who had a certificate revoked, for the mail to its holder.</summary>
public enum RevokedBy
{
    Holder,
    Office,
    KeyHolder,
}

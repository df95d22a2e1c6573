namespace StarPortal.Core.Acme;

/// <summary>RFC 8555 7.1.6. <see cref="Expired"/> is never stored: it follows from the clock.</summary>
public enum AcmeAuthorizationStatus
{
    Pending,
    Valid,
    Invalid,
    Deactivated,
    Expired,
    Revoked,
}

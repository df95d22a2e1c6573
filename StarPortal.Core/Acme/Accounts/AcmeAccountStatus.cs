namespace StarPortal.Core.Acme;

/// <summary>RFC 8555 7.1.6.</summary>
public enum AcmeAccountStatus
{
    Valid,

    /// <summary>By the client.</summary>
    Deactivated,

    /// <summary>By the portal.</summary>
    Revoked,
}

namespace StarPortal.Core.Acme;

/// <summary>RFC 8555 7.1.6. Of an order that is not finished only <see cref="Pending"/> is stored: whether it is ready follows from its authorizations.</summary>
public enum AcmeOrderStatus
{
    Pending,
    Ready,
    Processing,
    Valid,
    Invalid,

    /// <summary>RFC 8739 3.1.2: a STAR order whose certificates are no longer renewed.</summary>
    Canceled,
}

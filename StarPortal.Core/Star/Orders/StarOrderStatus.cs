namespace StarPortal.Core.Star;

/// <summary>Whether certificates are issued. That an order has come to its end follows from its dates (RFC 8739 3.1.2: it stays valid).</summary>
public enum StarOrderStatus
{
    /// <summary>Not finalized.</summary>
    Waiting,
    Active,
    Canceled,
}

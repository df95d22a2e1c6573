namespace StarPortal.Core.Delegation;

/// <summary>A CA that certificates for consumers come from (Order2 of RFC 9115 2.3.2.1). Implementations keep what they need in the order, so that they can go on after a restart.</summary>
public interface IUpstream
{
    /// <summary>Takes an order one step further; called again until there is nothing to do but to wait. Orders nothing twice, whenever the process died before.</summary>
    /// <exception cref="Exception">Something that may pass: it is tried again later.</exception>
    Task<UpstreamStep> AdvanceAsync(DelegatedOrder order, CancellationToken ct);

    /// <summary>Tells the CA that the order is canceled; well also when the CA knows already, or has nothing to cancel.</summary>
    /// <exception cref="Exception">As above.</exception>
    Task CancelAsync(DelegatedOrder order, CancellationToken ct);
}

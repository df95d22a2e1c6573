namespace StarPortal.Core.Acme;

/// <summary>What an order takes out of the rate limits: nothing, once, when it renews a certificate that we asked to be renewed (RFC 9773 5).</summary>
public sealed class OrderAllowance(AcmeLimits limits, RenewalInfoService renewals)
{
    /// <param name="replacesRightly">Whether what the order says to replace passed its checks.</param>
    /// <exception cref="AcmeException">rateLimited.</exception>
    public async ValueTask SpendAsync(AcmeCaller caller, NewOrder asked, bool replacesRightly, CancellationToken ct)
    {
        if (replacesRightly && asked.Replaces is { } replaces && await renewals.IsDueAsync(replaces, ct) && limits.TryPassRenewal(replaces)) return;
        await SpendAsync(caller, ct);
        foreach (var identifier in asked.Identifiers) limits.Take(AcmeLimitKind.OrdersPerIdentifier, identifier.Value);
    }

    /// <summary>For what is not about a certificate yet: newAuthz.</summary>
    /// <exception cref="AcmeException">rateLimited.</exception>
    public async ValueTask SpendAsync(AcmeCaller caller, CancellationToken ct)
    {
        await limits.TakeOrderAsync(caller.Account.Id, ct);
        limits.TakeFor(caller.Address, AcmeLimitKind.OrdersPerAddress);
    }
}

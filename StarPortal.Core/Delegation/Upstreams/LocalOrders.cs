using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Order2 at this portal's own CA: what an ACME client would do, by calls.</summary>
public sealed class LocalOrders(OrderService orders, OrderFinalizer finalizer, StarOrders starOrders, LocalRenewals renewals, AcmeRevocation revocation)
{
    public Task<OrderView> PlaceAsync(DelegatedOrder order, AcmeCaller caller, CancellationToken ct)
    {
        var asked = new NewOrder { Identifiers = [.. order.NameList.Select(AcmeIdentifier.Dns)] };
        return order.IsStar ? orders.SubmitAsync(caller, asked with { Extension = renewals.TermsOf(order) }, ct) : PlaceSingleAsync(order, asked with { AllowCertificateGet = true }, caller, ct);
    }

    /// <summary>As long as the owner allows, or as long as the CA's certificates live where that is less: only then it refuses the date.</summary>
    private async Task<OrderView> PlaceSingleAsync(DelegatedOrder order, NewOrder asked, AcmeCaller caller, CancellationToken ct)
    {
        if (renewals.LastDayOf(order) is not { } last) return await orders.SubmitAsync(caller, asked, ct);
        try
        {
            return await orders.SubmitAsync(caller, asked with { NotAfter = last }, ct);
        }
        catch (AcmeException refused) when (refused.Type is AcmeProblemType.Malformed)
        {
            return await orders.SubmitAsync(caller, asked, ct);
        }
    }

    /// <exception cref="AcmeException">404: it has been forgotten.</exception>
    public async Task<OrderView> GetAsync(AcmeCaller caller, Guid id, CancellationToken ct) => await orders.GetAsync(caller.Account, id, ct);

    public Task<StarOrder> GetStarAsync(Guid id, CancellationToken ct) => starOrders.GetAsync(id, ct);

    /// <exception cref="AcmeException">As finalize answers; orderNotReady: it was finalized before.</exception>
    public async Task<OrderView> FinalizeAsync(AcmeCaller caller, Guid id, byte[] csr, CancellationToken ct)
    {
        try
        {
            return await finalizer.FinalizeAsync(caller, id, csr, ct);
        }
        catch (AcmeException refused) when (refused.Type is AcmeProblemType.OrderNotReady)
        {
            return await GetAsync(caller, id, ct);
        }
    }

    /// <summary>RFC 9115 2.3.6: a STAR order is canceled, any other certificate revoked.</summary>
    /// <exception cref="AcmeException">autoRenewalCancellationInvalid, alreadyRevoked: it is over; malformed: there is no certificate.</exception>
    public async Task EndAsync(DelegatedOrder order, AcmeCaller caller, Guid id, CancellationToken ct)
    {
        if (order.IsStar) await starOrders.CancelAsync(id, order.Reason ?? "", caller.Actor, ct);
        else if (await renewals.FindCertificateAsync(id, ct) is { } der) await revocation.RevokeAsync(caller.Account, caller.KeyHash, new RevocationAsked(der, RevocationReason.CessationOfOperation), caller.Actor, ct);
    }
}

namespace StarPortal.Core.Acme;

/// <summary>
/// finalize (RFC 8555 7.4): one pass from CSR to certificate. The order becomes valid and its certificate exists in one commit; what comes before
/// leaves the order as it was.
/// </summary>
public sealed class OrderFinalizer(OrderService orders, FinalizeChecks checks, OrderStore store, OrderSigner signer, CertificateShelf certificates)
{
    /// <exception cref="AcmeException">404; orderNotReady; badCSR, caa, unauthorized, invalidProfile: the order stays ready, and people can read why.</exception>
    public async Task<OrderView> FinalizeAsync(AcmeCaller caller, Guid orderId, byte[] csr, CancellationToken ct)
    {
        var view = await orders.GetAsync(caller.Account, orderId, ct);
        RequireReady(view);
        try
        {
            return await IssueAsync(caller, view, csr, ct);
        }
        catch (AcmeException refused) when (refused.Type is not AcmeProblemType.OrderNotReady)
        {
            await checks.RecordAsync(caller, view.Order, refused, ct);
            throw;
        }
    }

    private async Task<OrderView> IssueAsync(AcmeCaller caller, OrderView view, byte[] csr, CancellationToken ct)
    {
        var request = FinalizeRequest.Read(csr, view.Order, caller.KeyHash);
        var organisation = await checks.RequireAsync(caller, view, request, ct);
        if (checks.ExtensionOf(view.Order) is { } extension) return await extension.FinalizeAsync(caller, view, request, ct);

        var signed = signer.Sign(caller, view.Order, request, organisation);
        var issued = signed.Certificate;
        var order = await store.ChangeAsync(view.Order, ready => ready.Complete(issued.SerialNumber, issued.IssuedAt), signed.AddTo);
        if (order is null) RequireReady(await orders.GetAsync(caller.Account, view.Order.Id, ct));
        if (order is null) throw AcmeOrderErrors.OrderNotReady("The order was changed by another request at the same time. Ask for its state.");
        certificates.Put(order.Id, issued);
        return view with { Order = order, Status = AcmeOrderStatus.Valid };
    }

    private static void RequireReady(OrderView view)
    {
        if (view.Status is not AcmeOrderStatus.Ready) throw AcmeOrderErrors.OrderNotReady($"The order is {OrderJson.NameOf(view.Status)}, not ready.");
    }
}

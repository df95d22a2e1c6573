using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>What is asked once more at the moment of issuing: grants that may have been withdrawn, CAA, keys that are not certified.</summary>
public sealed class FinalizeChecks(OrderPolicy policy, CaaGate caa, CertifiableKeys keys, FinalizeRefusals refusals, OrderExtensions extensions)
{
    /// <returns>The organisation that the certificate belongs to, if any.</returns>
    /// <exception cref="AcmeException">unauthorized, caa, badCSR.</exception>
    public async Task<Guid?> RequireAsync(AcmeCaller caller, OrderView view, SigningRequest request, CancellationToken ct)
    {
        await keys.RequireAsync(request.Key, caller.Account.Id, ct);
        var organisation = await RequireWaiversAsync(caller, view, ct);
        await caa.RequireAsync(caller, view, ct);
        return organisation;
    }

    /// <returns>Who issues instead; null for an order as RFC 8555 has it.</returns>
    public IOrderExtension? ExtensionOf(AcmeOrder order) => extensions.Find(order);

    /// <summary>What the order was refused for, for people: the client was told.</summary>
    public Task RecordAsync(AcmeCaller caller, AcmeOrder order, AcmeException refused, CancellationToken ct) => refusals.RecordAsync(caller, order, refused, ct);

    /// <summary>A namespace or external account key may have been withdrawn since the order was placed.</summary>
    private async ValueTask<Guid?> RequireWaiversAsync(AcmeCaller caller, OrderView view, CancellationToken ct)
    {
        Guid? organisation = null;
        for (var i = 0; i < view.Authorizations.Count; i++)
        {
            var decision = await policy.DecideAsync(caller.Account, caller.Binding, view.Order.Identifiers[i], ct);
            if (decision.Refusal is { } refusal) throw AcmeErrors.Unauthorized(refusal.Detail);
            if (view.Authorizations[i].Waiver is { } waiver && decision.Waiver is null)
                throw AcmeErrors.Unauthorized($"{view.Order.Identifiers[i].Value} was granted by {waiver}, which is no longer in force. Place a new order.");
            organisation ??= decision.OrganisationId;
        }

        return organisation;
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>This portal's own CA, in process: the same orders, checks and renewals as any ACME client gets.</summary>
public sealed class LocalUpstream(LocalAccounts accounts, LocalOrders orders, AcmeLinks links, IDbContextFactory<PortalDbContext> contexts) : IUpstream
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<UpstreamStep> AdvanceAsync(DelegatedOrder order, CancellationToken ct)
    {
        try
        {
            var caller = await accounts.CallerAsync(order.OwnerId, ct);
            return IdOf(order) is { } id ? await FollowAsync(order, caller, id, ct) : await PlaceAsync(order, caller, ct);
        }
        catch (AcmeException refused)
        {
            return refused.Type is AcmeProblemType.RateLimited or AcmeProblemType.ServerInternal
                ? new UpstreamStep.Waiting(refused.RetryAfter ?? TimeSpan.FromMinutes(1), refused.Message)
                : UpstreamReasons.Of(refused.Type, string.Join(' ', [refused.Message, .. refused.Subproblems.Select(problem => problem.Detail)]));
        }
    }

    /// <inheritdoc/>
    public async Task CancelAsync(DelegatedOrder order, CancellationToken ct)
    {
        if (IdOf(order) is not { } id) return;
        try
        {
            var caller = await accounts.CallerAsync(order.OwnerId, ct);
            await orders.EndAsync(order, caller, id, ct);
        }
        catch (AcmeException refused) when (refused.Type is AcmeProblemType.AutoRenewalCancellationInvalid or AcmeProblemType.AlreadyRevoked or AcmeProblemType.Malformed)
        {
            // It is over at the CA as well, or never was finalized, which nobody will do now.
        }
    }

    private static Guid? IdOf(DelegatedOrder order) => order.UpstreamOrder is { } text ? Guid.ParseExact(text, "N") : null;

    private async Task<UpstreamStep> PlaceAsync(DelegatedOrder order, AcmeCaller caller, CancellationToken ct)
    {
        var placed = await orders.PlaceAsync(order, caller, ct);
        if (!order.IsStar) return new UpstreamStep.Placed(placed.Order.Id.ToString("N"));
        var star = await orders.GetStarAsync(placed.Order.Id, ct);
        return new UpstreamStep.Placed(placed.Order.Id.ToString("N")) { EndDate = star.EndDate, Lifetime = star.Lifetime };
    }

    private async Task<UpstreamStep> FollowAsync(DelegatedOrder order, AcmeCaller caller, Guid id, CancellationToken ct)
    {
        var view = await orders.GetAsync(caller, id, ct);
        if (view.Status is AcmeOrderStatus.Ready) view = await orders.FinalizeAsync(caller, id, order.Csr!, ct);
        return view.Status switch
        {
            AcmeOrderStatus.Valid when order.IsStar => await IssuedStarAsync(id, ct),
            AcmeOrderStatus.Valid => new UpstreamStep.Issued(links.Certificate(id), await NotAfterAsync(view.Order, ct)),
            AcmeOrderStatus.Pending => await PendingAsync(order, ct),
            AcmeOrderStatus.Ready or AcmeOrderStatus.Processing => new UpstreamStep.Waiting(Soon, null),
            AcmeOrderStatus.Invalid or AcmeOrderStatus.Canceled => UpstreamReasons.Of(AcmeProblemType.Unauthorized, view.Order.Error ?? "The order at the certificate authority is over."),
        };
    }

    /// <summary>A name is in no namespace of the owner's any more; or not yet, for a node that has not heard of the approval a moment ago.</summary>
    private async Task<UpstreamStep> PendingAsync(DelegatedOrder order, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await DelegationRules.FindForeignAsync(db, order.NameList, order.OwnerId, ct) is { } foreign
            ? UpstreamReasons.Of(AcmeProblemType.Unauthorized, $"{foreign} is in no namespace of the owner's any more.")
            : new UpstreamStep.Again(NamespaceBook.Freshness, "The names were approved a moment ago.");
    }

    private async Task<UpstreamStep> IssuedStarAsync(Guid id, CancellationToken ct)
    {
        var star = await orders.GetStarAsync(id, ct);
        return new UpstreamStep.Issued(links.StarCertificate(star.FetchId), star.LastNotAfter);
    }

    private async Task<DateTimeOffset?> NotAfterAsync(AcmeOrder order, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var serial = order.CertificateSerial;
        return await db.IssuedCertificates.Where(certificate => certificate.SerialNumber == serial).Select(certificate => (DateTimeOffset?)certificate.NotAfter).SingleOrDefaultAsync(ct);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>RFC 9773 5: which certificate an order says it replaces, and whether it may.</summary>
public sealed class OrderReplacement(IDbContextFactory<PortalDbContext> contexts, CertificateIds ids, OrderStore store, OrderShelf shelf, TimeProvider clock)
{
    /// <summary>Same account, one identifier in common, and not replaced already by an order that stands.</summary>
    /// <returns>malformed: no such certificate or not this account's; alreadyReplaced; null: it may, or replaces nothing.</returns>
    public async ValueTask<AcmeException?> FindRefusalAsync(Guid accountId, NewOrder asked, CancellationToken ct)
    {
        if (asked.Replaces is not { } replaces) return null;
        if (ids.Read(replaces) is not { } serial) return AcmeErrors.Malformed("replaces names no certificate of this server (RFC 9773 4.1).");
        await using var db = await contexts.CreateDbContextAsync(ct);
        var sourceKey = await db.IssuedCertificates.Where(certificate => certificate.SerialNumber == serial).Select(certificate => certificate.SourceKey).FirstOrDefaultAsync(ct);
        var predecessor = sourceKey is not null && AcmeOrder.OrderOf(sourceKey) is { } id ? await shelf.FindOrderAsync(id, ct) : null;
        if (predecessor?.AccountId != accountId) return AcmeErrors.Malformed("replaces names no certificate that this account has ordered.");
        if (!asked.Identifiers.Intersect(predecessor.Identifiers).Any()) return AcmeErrors.Malformed("The certificate named by replaces has no identifier in common with this order.");

        var rival = await db.AcmeOrders.AsNoTracking().FirstOrDefaultAsync(order => order.ReplacesClaim == replaces, ct);
        return rival is null || await TryReleaseAsync(rival, ct) ? null : AcmeOrderErrors.AlreadyReplaced();
    }

    /// <summary>An order that has become invalid by itself no longer replaces anything.</summary>
    private async Task<bool> TryReleaseAsync(AcmeOrder rival, CancellationToken ct)
    {
        var view = OrderView.At(clock.GetUtcNow(), rival, await shelf.AuthorizationsOfAsync(rival, ct));
        return view.Status is AcmeOrderStatus.Invalid && await store.FailAsync(view, clock.GetUtcNow()) is not null;
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Reads delegated orders, and writes them unless somebody else did meanwhile.</summary>
public sealed class DelegatedOrderBook(IDbContextFactory<PortalDbContext> contexts, DelegationSignal signal, TimeProvider clock)
{
    /// <returns>Null: none has this id.</returns>
    public async Task<DelegatedOrder?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegatedOrders.AsNoTracking().FirstOrDefaultAsync(order => order.Id == id, ct);
    }

    /// <summary>Compare and set.</summary>
    /// <param name="seen">The order as the change was decided on.</param>
    /// <param name="also">Further rows of the same transaction.</param>
    /// <returns>The order as it is now; null: somebody else was faster, and nothing was changed.</returns>
    public async Task<DelegatedOrder?> TryChangeAsync(DelegatedOrder seen, Action<DelegatedOrder> change, AuditRecord? audit, CancellationToken ct, Func<PortalDbContext, DelegatedOrder, Task>? also = null)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await db.DelegatedOrders.FirstOrDefaultAsync(candidate => candidate.Id == seen.Id, ct);
        if (order?.Revision != seen.Revision) return null;
        change(order);
        if (audit is not null) db.AuditRecords.Add(audit);
        if (also is not null) await also(db, order);
        return await TrySaveAsync(db, order, ct) ? order : null;
    }

    /// <summary>What a change is written down as.</summary>
    public AuditRecord Record(AuditAction action, Actor actor, DelegatedOrder order, string detail) =>
        AuditRecord.Of(action, actor, "delegated-order", order.Id, clock.GetUtcNow(), detail);

    private async Task<bool> TrySaveAsync(PortalDbContext db, DelegatedOrder order, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }

        if (order.DueAt <= clock.GetUtcNow()) signal.Wake();
        return true;
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Writes orders and authorizations, grouped with those of other requests, and puts on the shelf what is durable.</summary>
public sealed class OrderStore(GroupCommit commits, OrderShelf shelf)
{
    private static readonly Actor Janitor = Actor.System("acme-orders");

    /// <summary>An order and those of its authorizations that are new.</summary>
    /// <exception cref="DbUpdateException">Another order replaces the same certificate.</exception>
    public async Task AddAsync(AcmeOrder? order, IReadOnlyList<AcmeAuthorization> added, Action<RowBatch>? also = null)
    {
        await commits.SaveAsync(rows =>
        {
            foreach (var authorization in added) rows.Insert(authorization);
            if (order is not null) rows.Insert(order);
            also?.Invoke(rows);
        });
        foreach (var authorization in added) shelf.Put(authorization);
        if (order is not null) shelf.Put(order);
    }

    /// <summary>Compare and set: changes the order unless somebody else did meanwhile.</summary>
    /// <returns>The order as it is now; null when somebody else was faster.</returns>
    public async Task<AcmeOrder?> ChangeAsync(AcmeOrder before, Action<AcmeOrder> change, Action<RowBatch>? also = null)
    {
        AcmeOrder after = before;
        try
        {
            await commits.SaveAsync(rows =>
            {
                after = before.Copy();
                change(after);
                rows.Update(before, after);
                also?.Invoke(rows);
            });
        }
        catch (DbUpdateException error) when (error is DbUpdateConcurrencyException || CertificateAuthority.IsIssuedAlready(error))
        {
            shelf.Forget(before);
            return null;
        }
        catch (DbUpdateException)
        {
            // What came with the change was refused: for a database that looks at all statements before it tells of the first, this may be how it says that somebody else was faster.
            shelf.Forget(before);
            if ((await shelf.FindOrderAsync(before.Id, CancellationToken.None))?.Status == before.Status) throw;
            return null;
        }

        shelf.Put(after);
        return after;
    }

    /// <summary>The order is over, for the reason that its authorizations or the clock give; by nobody's request.</summary>
    /// <returns>As <see cref="ChangeAsync(AcmeOrder, Action{AcmeOrder}, Action{RowBatch}?)"/>.</returns>
    public Task<AcmeOrder?> FailAsync(OrderView view, DateTimeOffset now) => FailAsync(view.Order, OrderFailures.Describe(view), now);

    /// <summary>As above, for another reason: a problem document, JSON.</summary>
    public Task<AcmeOrder?> FailAsync(AcmeOrder order, string reason, DateTimeOffset now) => ChangeAsync(order, pending => pending.Fail(reason),
        rows => rows.Insert(AuditRecord.Of(AuditAction.AcmeOrderFailed, Janitor, "acme-order", order.Id, now, reason)));

    /// <summary>As above, for an authorization.</summary>
    public async Task<AcmeAuthorization?> ChangeAsync(AcmeAuthorization before, Action<AcmeAuthorization> change, Action<RowBatch>? also = null)
    {
        AcmeAuthorization after = before;
        try
        {
            await commits.SaveAsync(rows =>
            {
                after = before.Copy();
                change(after);
                rows.Update(before, after);
                also?.Invoke(rows);
            });
        }
        catch (DbUpdateConcurrencyException)
        {
            shelf.Forget(before);
            return null;
        }

        shelf.Put(after);
        return after;
    }
}

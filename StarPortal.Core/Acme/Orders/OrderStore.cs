using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Writes orders and authorizations, grouped with those of other requests, and puts on the shelf what is durable.</summary>
public sealed class OrderStore(GroupCommit commits, OrderShelf shelf)
{
    /// <summary>An order and those of its authorizations that are new.</summary>
    /// <exception cref="DbUpdateException">Another order replaces the same certificate.</exception>
    public async Task AddAsync(AcmeOrder? order, IReadOnlyList<AcmeAuthorization> added, Action<PortalDbContext>? also = null)
    {
        await commits.SaveAsync(db =>
        {
            foreach (var authorization in added) db.AcmeAuthorizations.Add(authorization);
            if (order is not null) db.AcmeOrders.Add(order);
            also?.Invoke(db);
        });
        foreach (var authorization in added) shelf.Put(authorization);
        if (order is not null) shelf.Put(order);
    }

    /// <summary>Compare and set: changes the order unless somebody else did meanwhile.</summary>
    /// <returns>The order as it is now; null when somebody else was faster.</returns>
    public async Task<AcmeOrder?> ChangeAsync(AcmeOrder before, Action<AcmeOrder> change, Action<PortalDbContext>? also = null)
    {
        AcmeOrder after = before;
        try
        {
            await commits.SaveAsync(db =>
            {
                after = before.Copy();
                db.AcmeOrders.Attach(after);
                change(after);
                also?.Invoke(db);
            });
        }
        catch (DbUpdateException error) when (error is DbUpdateConcurrencyException || CertificateAuthority.IsIssuedAlready(error))
        {
            shelf.Forget(before);
            return null;
        }

        shelf.Put(after);
        return after;
    }

    /// <summary>As above, for an authorization.</summary>
    public async Task<AcmeAuthorization?> ChangeAsync(AcmeAuthorization before, Action<AcmeAuthorization> change, Action<PortalDbContext>? also = null)
    {
        AcmeAuthorization after = before;
        try
        {
            await commits.SaveAsync(db =>
            {
                after = before.Copy();
                db.AcmeAuthorizations.Attach(after);
                change(after);
                also?.Invoke(db);
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

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>
/// Orders and authorizations as snapshots that are read without a query: clients poll. What can still change is asked for again after a second,
/// since another node may have changed it; a change that was decided on an older state fails at its concurrency token.
/// </summary>
public sealed class OrderShelf(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int Kept = 10_000;

    private readonly SnapshotCache<Guid, AcmeOrder> orders = new(Kept);
    private readonly SnapshotCache<Guid, AcmeAuthorization> authorizations = new(Kept);

    private long Oldest => clock.GetTimestamp() - clock.TimestampFrequency;

    public async ValueTask<AcmeOrder?> FindOrderAsync(Guid id, CancellationToken ct)
    {
        if (orders.Find(id, Oldest) is { } known) return known;
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await db.AcmeOrders.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, ct);
        if (order is not null) Put(order, readAt);
        return order;
    }

    public async ValueTask<AcmeAuthorization?> FindAuthorizationAsync(Guid id, CancellationToken ct)
    {
        if (authorizations.Find(id, Oldest) is { } known) return known;
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var authorization = await db.AcmeAuthorizations.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == id, ct);
        if (authorization is not null) Put(authorization, readAt);
        return authorization;
    }

    /// <summary>Those that still exist, in the order's sequence.</summary>
    public async ValueTask<IReadOnlyList<AcmeAuthorization>> AuthorizationsOfAsync(AcmeOrder order, CancellationToken ct)
    {
        var ids = order.AuthorizationIds;
        var oldest = Oldest;
        var found = new AcmeAuthorization?[ids.Count];
        var missing = false;
        for (var i = 0; i < found.Length; i++) missing |= (found[i] = authorizations.Find(ids[i], oldest)) is null;
        if (!missing) return found!;

        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var read = await db.AcmeAuthorizations.AsNoTracking().Where(candidate => ids.Contains(candidate.Id)).ToDictionaryAsync(candidate => candidate.Id, ct);
        foreach (var authorization in read.Values) Put(authorization, readAt);
        return [.. ids.Select(id => read.GetValueOrDefault(id)).OfType<AcmeAuthorization>()];
    }

    /// <summary>What was just saved.</summary>
    public void Put(AcmeOrder order) => Put(order, clock.GetTimestamp());

    public void Put(AcmeAuthorization authorization) => Put(authorization, clock.GetTimestamp());

    /// <summary>Somebody else changed it: the next read asks the database.</summary>
    public void Forget(AcmeOrder order) => orders.Remove(order.Id);

    public void Forget(AcmeAuthorization authorization) => authorizations.Remove(authorization.Id);

    private void Put(AcmeOrder order, long readAt) => orders.Put(order.Id, order, order.Status is AcmeOrderStatus.Invalid ? long.MaxValue : readAt);

    private void Put(AcmeAuthorization authorization, long readAt) => authorizations.Put(
        authorization.Id, authorization, authorization.Status is AcmeAuthorizationStatus.Pending or AcmeAuthorizationStatus.Valid ? readAt : long.MaxValue);
}

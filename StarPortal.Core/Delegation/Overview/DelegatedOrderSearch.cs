using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>A delegated order with what its page shows.</summary>
/// <param name="Line">With the last certificates.</param>
/// <param name="History">The newest first.</param>
/// <param name="StarOrderId">At this portal's own CA: the STAR order that renews it. Null elsewhere, and before it is placed.</param>
/// <param name="MayManage">Whether the reader may decide on it.</param>
/// <param name="ReadAt">The instant that all of it holds for.</param>
public sealed record DelegatedOrderDetails(
    OrderLine Line, IReadOnlyList<AuditRecord> History, Guid? StarOrderId, bool MayManage, DateTimeOffset ReadAt)
{
    public DelegatedOrderRow Row => Line.Row;

    public IReadOnlyList<DelegatedCertificate> Certificates => Line.Certificates;
}

/// <summary>Delegated orders for people: owners see their own, administrators and auditors all.</summary>
public sealed class DelegatedOrderSearch(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 25;

    private const int MostCertificates = 8;

    /// <summary>The newest first.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<DelegatedOrderList> FindAsync(DelegatedOrderQuery query, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var orders = Visible(db, actor);
        if (query.DelegationId is { } delegation) orders = orders.Where(order => order.DelegationId == delegation);
        if (query.ConsumerId is { } consumer) orders = orders.Where(order => order.ConsumerId == consumer);
        if (query.Status is { } status) orders = orders.Where(order => order.Status == status);
        var total = await orders.CountAsync(ct);
        var page = await orders.OrderByDescending(order => order.CreatedAt).ThenBy(order => order.Id).Skip((Math.Clamp(query.Page, 1, 100_000) - 1) * PageSize).Take(PageSize).ToListAsync(ct);
        return new DelegatedOrderList(await RowsAsync(db, page, clock.GetUtcNow(), ct), total);
    }

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound, also for what is none of the reader's business.</exception>
    public async Task<DelegatedOrderDetails> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await Visible(db, actor).SingleOrDefaultAsync(candidate => candidate.Id == id, ct) ?? throw DelegationErrors.OrderNotFound();
        var rows = await RowsAsync(db, [order], now, ct);
        var days = await DelegatedFetchDays.ReadAsync(db, [order], now, ct);
        return new DelegatedOrderDetails(
            new OrderLine(rows[0], await DelegatedCertificates.ReadLastAsync(db, order, MostCertificates, ct), days[id]), await DelegationHistory.ReadAsync(db, [id], ct),
            order.IsStar ? DelegatedCertificates.LocalIdOf(order) : null, DelegationRights.MayManage(order.OwnerId, actor), now);
    }

    internal static async Task<IReadOnlyList<DelegatedOrderRow>> RowsAsync(PortalDbContext db, IReadOnlyList<DelegatedOrder> orders, DateTimeOffset now, CancellationToken ct)
    {
        var local = await LocalAsync(db, [.. orders.Where(order => order.IsStar).Select(DelegatedCertificates.LocalIdOf).OfType<Guid>()], now, ct);
        Guid[] ids = [.. orders.Select(order => order.ConsumerId).OfType<Guid>().Distinct()];
        var consumers = await db.DelegationConsumers.Where(consumer => ids.Contains(consumer.Id)).ToDictionaryAsync(consumer => consumer.Id, consumer => consumer.Name, ct);
        return
        [
            .. orders.Select(order => DelegatedOrderRow.Of(
                order, DelegatedCertificates.LocalIdOf(order) is { } id ? local.GetValueOrDefault(id) : null, order.ConsumerId is { } consumer ? consumers.GetValueOrDefault(consumer) : null, now)),
        ];
    }

    private static async Task<Dictionary<Guid, LocalRenewal>> LocalAsync(PortalDbContext db, Guid[] ids, DateTimeOffset now, CancellationToken ct)
    {
        var found = await db.StarOrders.AsNoTracking().Where(order => ids.Contains(order.Id))
            .Select(order => new { order.Id, order.Status, order.EndDate, order.Trouble, order.TroubleSince, order.DueAt, order.LastNotAfter, order.Fetches, order.LastFetchAt, order.LastFetchFrom })
            .ToListAsync(ct);
        return found.ToDictionary(order => order.Id, order => new LocalRenewal(
            order.Id, StarOrderStates.At(order.Status, order.EndDate, order.TroubleSince, order.DueAt, now), order.Trouble, order.TroubleSince, order.DueAt, order.LastNotAfter,
            new OrderFetches(order.Fetches, order.LastFetchAt, order.LastFetchFrom)));
    }

    private static IQueryable<DelegatedOrder> Visible(PortalDbContext db, Actor actor)
    {
        var orders = db.DelegatedOrders.AsNoTracking();
        return DelegationScope.OwnerSeenBy(actor) is { } owner ? orders.Where(order => order.OwnerId == owner) : orders;
    }
}

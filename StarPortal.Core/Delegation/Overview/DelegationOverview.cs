using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>A delegation in a list.</summary>
/// <param name="Delegation">For reading.</param>
/// <param name="Consumer">Name; null: nobody in particular.</param>
/// <param name="OwnerName">User name.</param>
/// <param name="Running">Orders that have, or are to have, certificates in force.</param>
/// <param name="Waiting">Orders that wait for approval.</param>
public sealed record DelegationRow(NameDelegation Delegation, string? Consumer, string? OwnerName, int Running, int Waiting);

public sealed record DelegationList(IReadOnlyList<DelegationRow> Rows, int Total);

/// <summary>The certificates of one order, for a picture.</summary>
/// <param name="Certificates">The oldest first.</param>
/// <param name="Days">Fetches by day, today last; days without any are there too.</param>
public sealed record OrderLine(DelegatedOrderRow Row, IReadOnlyList<DelegatedCertificate> Certificates, IReadOnlyList<KeyValuePair<DateOnly, long>> Days);

/// <summary>A delegation with what its page shows.</summary>
/// <param name="Lines">Of the newest orders that have certificates.</param>
/// <param name="History">The newest first.</param>
/// <param name="MayManage">Whether the reader may change it.</param>
/// <param name="ReadAt">The instant that all of it holds for.</param>
public sealed record DelegationDetails(DelegationRow Row, IReadOnlyList<OrderLine> Lines, IReadOnlyList<AuditRecord> History, bool MayManage, DateTimeOffset ReadAt);

/// <summary>Delegations for people: owners see their own, administrators and auditors all.</summary>
public sealed class DelegationOverview(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 25;

    private const int MostLines = 8;
    private const int CertificatesALine = 12;

    /// <summary>Those in force first, then the newest.</summary>
    /// <param name="consumerId">Null: of all.</param>
    /// <param name="page">From 1 on.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<DelegationList> FindAsync(Guid? consumerId, int page, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var delegations = Visible(db, actor);
        if (consumerId is { } consumer) delegations = delegations.Where(delegation => delegation.ConsumerId == consumer);
        var total = await delegations.CountAsync(ct);
        var shown = delegations.OrderBy(delegation => delegation.EndedAt != null).ThenByDescending(delegation => delegation.CreatedAt).ThenBy(delegation => delegation.Id)
            .Skip((Math.Clamp(page, 1, 100_000) - 1) * PageSize).Take(PageSize);
        return new DelegationList(await Rows(db, shown, clock.GetUtcNow()).ToListAsync(ct), total);
    }

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound, also for what is none of the reader's business.</exception>
    public async Task<DelegationDetails> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var row = await Rows(db, Visible(db, actor).Where(delegation => delegation.Id == id), now).SingleOrDefaultAsync(ct) ?? throw DelegationErrors.NotFound();
        var newest = await db.DelegatedOrders.AsNoTracking().Where(order => order.DelegationId == id).OrderByDescending(order => order.CreatedAt).Take(DelegatedOrderSearch.PageSize).ToListAsync(ct);
        return new DelegationDetails(
            row, await LinesAsync(db, newest, now, ct), await DelegationHistory.ReadAsync(db, [id, .. newest.Select(order => order.Id)], ct), DelegationRights.MayManage(row.Delegation.OwnerId, actor), now);
    }

    private static async Task<IReadOnlyList<OrderLine>> LinesAsync(PortalDbContext db, IEnumerable<DelegatedOrder> newest, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await DelegatedOrderSearch.RowsAsync(db, [.. newest.Where(order => order.ValidAt is not null).Take(MostLines)], now, ct);
        var days = await DelegatedFetchDays.ReadAsync(db, [.. rows.Select(row => row.Order)], now, ct);
        List<OrderLine> lines = [];
        foreach (var row in rows) lines.Add(new OrderLine(row, await DelegatedCertificates.ReadLastAsync(db, row.Order, CertificatesALine, ct), days[row.Order.Id]));
        return lines;
    }

    private static IQueryable<DelegationRow> Rows(PortalDbContext db, IQueryable<NameDelegation> delegations, DateTimeOffset now)
    {
        var (users, consumers, orders) = (db.Users, db.DelegationConsumers, db.DelegatedOrders);
        return delegations.Select(delegation => new DelegationRow(
            delegation,
            consumers.Where(consumer => consumer.Id == delegation.ConsumerId).Select(consumer => consumer.Name).FirstOrDefault(),
            users.Where(user => user.Id == delegation.OwnerId).Select(user => user.UserName).FirstOrDefault(),
            orders.Count(order => order.DelegationId == delegation.Id
                && (order.Status == DelegatedOrderStatus.Processing || (order.Status == DelegatedOrderStatus.Valid && ((order.IsStar && order.EndDate > now) || (!order.IsStar && order.LastNotAfter > now))))),
            orders.Count(order => order.DelegationId == delegation.Id && order.Status == DelegatedOrderStatus.Waiting)));
    }

    private static IQueryable<NameDelegation> Visible(PortalDbContext db, Actor actor)
    {
        var delegations = db.NameDelegations.AsNoTracking();
        return DelegationScope.OwnerSeenBy(actor) is { } owner ? delegations.Where(delegation => delegation.OwnerId == owner) : delegations;
    }
}

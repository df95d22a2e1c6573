using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>STAR orders for people: administrators and auditors see all, everybody else those of their own accounts.</summary>
public sealed class StarOrderSearch(IDbContextFactory<PortalDbContext> contexts, AcmeLinks links, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>How many slots are shown before the current one, and after it.</summary>
    private const int Before = 4;

    private const int After = 3;

    /// <summary>Newest first.</summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<StarOrderPage> FindAsync(StarOrderQuery query, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var orders = query.IsOwn ? Own(db, actor) : Visible(db, actor);
        if (query.AccountId is { } account) orders = orders.Where(order => order.AccountId == account);
        if (query.State is { } state) orders = orders.In(state, now);
        if (query.Text?.Trim().ToLowerInvariant() is { Length: > 0 and <= 253 } part) orders = orders.Where(order => order.Names.Contains(part));
        // Without the bodies: they are most of a row.
        var page = await orders.OrderByDescending(order => order.CreatedAt).Skip((Math.Clamp(query.Page, 1, 100_000) - 1) * PageSize).Take(PageSize + 1)
            .Select(order => new
            {
                order.Id, order.AccountId, order.Names, order.Status, order.EndDate, order.TroubleSince, order.Trouble, order.DueAt, order.Lifetime, order.NextSlot, order.LastFetchAt,
            }).ToListAsync(ct);
        return new StarOrderPage(
            [.. page.Take(PageSize).Select(order => new StarOrderRow(
                order.Id, order.AccountId, [.. order.Names.Split('\n').Select(name => AcmeOrderText.ReadIdentifier(name).Value)],
                StarOrderStates.At(order.Status, order.EndDate, order.TroubleSince, order.DueAt, now), order.Trouble, order.Lifetime, order.EndDate, order.NextSlot, order.DueAt, order.LastFetchAt))],
            page.Count > PageSize);
    }

    /// <exception cref="ServiceException">Unauthenticated; NotFound, also for what is none of the reader's business.</exception>
    public async Task<StarOrderDetails> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await Visible(db, actor).SingleOrDefaultAsync(candidate => candidate.Id == id, ct) ?? throw StarCancellation.NotFound();
        var owner = await db.AcmeAccounts.Where(account => account.Id == order.AccountId)
            .Select(account => new { account.OwnerId, Name = db.Users.Where(user => user.Id == account.OwnerId).Select(user => user.UserName).FirstOrDefault() }).SingleOrDefaultAsync(ct);
        var answersForIt = owner?.OwnerId == actor.Id || (actor.IsAdministrator && actor.HasSecondFactor);
        var state = StarOrderStates.At(order.Status, order.EndDate, order.TroubleSince, order.DueAt, now);
        return new StarOrderDetails(
            order, state, owner?.Name, await SlotsAsync(db, order, now, ct), order.Schedule?.SlotCount ?? 0,
            answersForIt && order.Status is not StarOrderStatus.Waiting ? links.StarCertificate(order.FetchId) : null,
            answersForIt && state is (StarOrderState.Active or StarOrderState.Late or StarOrderState.Troubled), now);
    }

    private static async Task<IReadOnlyList<StarSlotRow>> SlotsAsync(PortalDbContext db, StarOrder order, DateTimeOffset now, CancellationToken ct)
    {
        if (order.Schedule is not { } plan) return [];
        var current = Math.Max(0, Math.Min(order.NextSlot - 1, plan.IndexAt(now)));
        var (first, last) = (Math.Max(0, current - Before), Math.Min(plan.SlotCount - 1, current + After));
        // A canceled order has no certificates to come.
        if (order.Status is StarOrderStatus.Canceled) last = Math.Min(last, order.NextSlot - 1);
        var issued = await db.StarCertificates.AsNoTracking().Where(certificate => certificate.OrderId == order.Id && certificate.Slot >= first && certificate.Slot <= last)
            .Select(certificate => new { certificate.Slot, certificate.SerialNumber, certificate.IssuedAt }).ToDictionaryAsync(certificate => certificate.Slot, ct);
        List<StarSlotRow> rows = [];
        for (var index = first; index <= last; index++)
        {
            var (slot, certificate) = (plan[index], issued.GetValueOrDefault(index));
            // The first is issued when the order is finalized, also when it begins later.
            var publishAt = index == 0 && certificate is not null && certificate.IssuedAt < slot.NotBefore ? certificate.IssuedAt : slot.NotBefore;
            rows.Add(new StarSlotRow(index, publishAt, slot.NotBefore, slot.NotAfter, certificate?.SerialNumber, certificate?.IssuedAt));
        }

        return rows;
    }

    internal static IQueryable<StarOrder> Visible(PortalDbContext db, Actor actor) =>
        (actor.IsAdministrator || actor.Is(PortalRole.Auditor)) && actor.HasSecondFactor ? db.StarOrders.AsNoTracking() : Own(db, actor);

    private static IQueryable<StarOrder> Own(PortalDbContext db, Actor actor)
    {
        var reader = actor.RequireSignedIn();
        var accounts = db.AcmeAccounts.Where(account => account.OwnerId == reader);
        return db.StarOrders.AsNoTracking().Where(order => accounts.Any(account => account.Id == order.AccountId));
    }
}

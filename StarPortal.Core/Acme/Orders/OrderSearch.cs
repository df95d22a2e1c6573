using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Orders and authorizations for people: administrators and auditors see all, everybody else those of their own accounts.</summary>
public sealed class OrderSearch(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>Newest first.</summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<OrderPage> FindAsync(OrderQuery query, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var orders = query.IsOwn ? OwnOrders(db, actor) : Visible(db, actor);
        if (query.AccountId is { } account) orders = orders.Where(order => order.AccountId == account);
        if (query.Status is { } status) orders = orders.Where(order => order.Status == status);
        if (query.Text?.Trim().ToLowerInvariant() is { Length: > 0 and <= 253 } part) orders = orders.Where(order => order.Names.Contains(part));
        // Ids begin with the time.
        var page = await orders.OrderByDescending(order => order.Id).Skip((Math.Clamp(query.Page, 1, 100_000) - 1) * PageSize).Take(PageSize + 1).ToListAsync(ct);
        var authorizations = await AuthorizationsOfAsync(db, page, ct);
        return new OrderPage([.. page.Take(PageSize).Select(order => ToRow(order, authorizations))], page.Count > PageSize);
    }

    /// <exception cref="ServiceException">Unauthenticated; NotFound, also for what is none of the reader's business.</exception>
    public async Task<OrderDetails> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await Visible(db, actor).SingleOrDefaultAsync(candidate => candidate.Id == id, ct) ?? throw new ServiceException(ErrorKind.NotFound, "There is no such order.");
        var authorizations = await AuthorizationsOfAsync(db, [order], ct);
        var now = clock.GetUtcNow();
        return new OrderDetails(
            ToRow(order, authorizations), [.. order.AuthorizationIds.Where(authorizations.ContainsKey).Select(authorization => ToRow(authorizations[authorization], now))], order.Replaces,
            await FinalizeRefusals.ListAsync(db, order.Id, ct));
    }

    /// <summary>Authorizations of an account, newest first.</summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<IReadOnlyList<AuthorizationRow>> FindAuthorizationsAsync(Guid accountId, int page, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var accounts = VisibleAccounts(db, actor);
        var found = await db.AcmeAuthorizations.AsNoTracking().Where(authorization => authorization.AccountId == accountId && accounts.Any(account => account.Id == accountId))
            .OrderByDescending(authorization => authorization.CreatedAt).Skip((Math.Clamp(page, 1, 100_000) - 1) * PageSize).Take(PageSize).ToListAsync(ct);
        return [.. found.Select(authorization => ToRow(authorization, clock.GetUtcNow()))];
    }

    private static IQueryable<AcmeOrder> Visible(PortalDbContext db, Actor actor) => SeesAll(actor) ? db.AcmeOrders.AsNoTracking() : OwnOrders(db, actor);

    private static IQueryable<AcmeOrder> OwnOrders(PortalDbContext db, Actor actor)
    {
        var accounts = OwnAccounts(db, actor);
        return db.AcmeOrders.AsNoTracking().Where(order => accounts.Any(account => account.Id == order.AccountId));
    }

    private static IQueryable<AcmeAccount> VisibleAccounts(PortalDbContext db, Actor actor) => SeesAll(actor) ? db.AcmeAccounts : OwnAccounts(db, actor);

    private static IQueryable<AcmeAccount> OwnAccounts(PortalDbContext db, Actor actor)
    {
        var reader = actor.RequireSignedIn();
        return db.AcmeAccounts.Where(account => account.OwnerId == reader);
    }

    private static bool SeesAll(Actor actor) => (actor.IsAdministrator || actor.Is(PortalRole.Auditor)) && actor.HasSecondFactor;

    private static async Task<Dictionary<Guid, AcmeAuthorization>> AuthorizationsOfAsync(PortalDbContext db, IReadOnlyList<AcmeOrder> orders, CancellationToken ct)
    {
        var ids = orders.SelectMany(order => order.AuthorizationIds).Distinct().Take(5_000).ToList();
        return await db.AcmeAuthorizations.AsNoTracking().Where(authorization => ids.Contains(authorization.Id)).ToDictionaryAsync(authorization => authorization.Id, ct);
    }

    private OrderRow ToRow(AcmeOrder order, Dictionary<Guid, AcmeAuthorization> authorizations)
    {
        var view = OrderView.At(clock.GetUtcNow(), order, [.. order.AuthorizationIds.Select(id => authorizations.GetValueOrDefault(id)).OfType<AcmeAuthorization>()]);
        return new OrderRow(order.Id, order.AccountId, [.. order.Identifiers.Select(identifier => identifier.Value)], order.Profile, view.Status, OrderFailures.Explain(view), order.CreatedAt, order.ExpiresAt, order.CertificateSerial);
    }

    private static AuthorizationRow ToRow(AcmeAuthorization authorization, DateTimeOffset now) => new(
        authorization.Id, (authorization.IsWildcard ? "*." : "") + authorization.Identifier.Value, authorization.StatusAt(now), authorization.Chosen, authorization.Attempts,
        authorization.IsProcessing ? authorization.DueAt : null, OrderFailures.Explain(authorization, now), authorization.Trace?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [],
        [.. authorization.Waiver is null ? Challenges.ShownFor(authorization, authorization.StatusAt(now)).Select(type => new ChallengeRow(type, Challenges.StatusOf(authorization, type, now))) : []],
        authorization.ExpiresAt);
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>A consumer in a list.</summary>
/// <param name="Consumer">For reading.</param>
/// <param name="OwnerName">User name.</param>
/// <param name="Credentials">In force.</param>
/// <param name="Delegations">That have not ended.</param>
public sealed record ConsumerRow(DelegationConsumer Consumer, string? OwnerName, int Credentials, int Delegations);

public sealed record ConsumerList(IReadOnlyList<ConsumerRow> Rows, int Total);

/// <summary>A consumer with what its page shows.</summary>
/// <param name="Credentials">The newest first; none shows its secret.</param>
/// <param name="History">The newest first.</param>
/// <param name="MayManage">Whether the reader may change it.</param>
public sealed record ConsumerDetails(ConsumerRow Row, IReadOnlyList<ConsumerCredential> Credentials, IReadOnlyList<AuditRecord> History, bool MayManage);

/// <summary>Consumers for people: owners see their own, administrators and auditors all.</summary>
public sealed class ConsumerOverview(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 25;

    private const int MostCredentials = 100;

    /// <summary>Those in force first, by name.</summary>
    /// <param name="page">From 1 on.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<ConsumerList> FindAsync(int page, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var consumers = Visible(db, actor);
        var total = await consumers.CountAsync(ct);
        var shown = consumers.OrderBy(consumer => consumer.EndedAt != null).ThenBy(consumer => consumer.Name).ThenBy(consumer => consumer.Id).Skip((Math.Clamp(page, 1, 100_000) - 1) * PageSize).Take(PageSize);
        return new ConsumerList(await Rows(db, shown).ToListAsync(ct), total);
    }

    /// <summary>Whom the reader may delegate to: their own that have not ended, by name.</summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<IReadOnlyList<DelegationConsumer>> ChoicesAsync(Actor actor, CancellationToken ct)
    {
        var owner = actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegationConsumers.AsNoTracking().Where(consumer => consumer.OwnerId == owner && consumer.EndedAt == null).OrderBy(consumer => consumer.Name).ToListAsync(ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound, also for what is none of the reader's business.</exception>
    public async Task<ConsumerDetails> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var row = await Rows(db, Visible(db, actor).Where(consumer => consumer.Id == id)).SingleOrDefaultAsync(ct) ?? throw DelegationErrors.ConsumerNotFound();
        var credentials = await db.ConsumerCredentials.AsNoTracking().Where(credential => credential.ConsumerId == id).OrderByDescending(credential => credential.CreatedAt).Take(MostCredentials).ToListAsync(ct);
        return new ConsumerDetails(row, credentials, await DelegationHistory.ReadAsync(db, [id], ct), DelegationRights.MayManage(row.Consumer.OwnerId, actor));
    }

    private static IQueryable<ConsumerRow> Rows(PortalDbContext db, IQueryable<DelegationConsumer> consumers)
    {
        var (users, credentials, delegations) = (db.Users, db.ConsumerCredentials, db.NameDelegations);
        return consumers.Select(consumer => new ConsumerRow(
            consumer,
            users.Where(user => user.Id == consumer.OwnerId).Select(user => user.UserName).FirstOrDefault(),
            credentials.Count(credential => credential.ConsumerId == consumer.Id && credential.RevokedAt == null),
            delegations.Count(delegation => delegation.ConsumerId == consumer.Id && delegation.State != DelegationState.Ended)));
    }

    private static IQueryable<DelegationConsumer> Visible(PortalDbContext db, Actor actor)
    {
        var consumers = db.DelegationConsumers.AsNoTracking();
        return DelegationScope.OwnerSeenBy(actor) is { } owner ? consumers.Where(consumer => consumer.OwnerId == owner) : consumers;
    }
}

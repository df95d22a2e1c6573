using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Makes, changes and ends delegations.</summary>
public sealed class DelegationService(IDbContextFactory<PortalDbContext> contexts, DelegationRules rules, DelegatedOrderDecisions orders, TimeProvider clock)
{
    private const int MaxDelegations = 1_000;

    /// <param name="consumerId">Null: whoever asks waits for the owner's approval.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound: no such consumer; Invalid beside a field of the terms; TooMany.</exception>
    public async Task<NameDelegation> CreateAsync(DelegationTerms terms, Guid? consumerId, Actor actor, CancellationToken ct)
    {
        actor.Require(PortalRole.Owner);
        var owner = actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (consumerId is { } id && !await db.DelegationConsumers.AnyAsync(consumer => consumer.Id == id && consumer.OwnerId == owner && consumer.EndedAt == null, ct)) throw DelegationErrors.ConsumerNotFound();
        if (await db.NameDelegations.CountAsync(known => known.OwnerId == owner && known.State != DelegationState.Ended, ct) >= MaxDelegations)
            throw new ServiceException(ErrorKind.TooMany, $"One owner has {MaxDelegations} delegations at most: end one first.");
        var agreed = await rules.RequireAsync(db, ForStrangers(terms, consumerId), owner, ct);
        var delegation = NameDelegation.Create(agreed, owner, consumerId, clock.GetUtcNow());
        db.NameDelegations.Add(delegation);
        await SaveAsync(db, AuditAction.DelegationCreated, delegation, actor, ct);
        return delegation;
    }

    /// <summary>From now on; what was ordered goes on as it was agreed.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: ended; Invalid beside a field of the terms.</exception>
    public Task ChangeAsync(Guid id, DelegationTerms terms, Actor actor, CancellationToken ct) => ChangeAsync(id, AuditAction.DelegationChanged, actor, async (db, delegation) =>
        delegation.Change(await rules.RequireAsync(db, ForStrangers(terms, delegation.ConsumerId), delegation.OwnerId, ct)), ct);

    /// <summary>No new orders; what runs goes on.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: ended.</exception>
    public Task PauseAsync(Guid id, Actor actor, CancellationToken ct) => ChangeAsync(id, AuditAction.DelegationPaused, actor, delegation => delegation.Pause(), ct);

    /// <exception cref="ServiceException">NotFound; Conflict: ended.</exception>
    public Task ResumeAsync(Guid id, Actor actor, CancellationToken ct) => ChangeAsync(id, AuditAction.DelegationResumed, actor, delegation => delegation.Resume(), ct);

    /// <summary>For good: no new orders, and every order that runs is canceled (RFC 9115 2.3.6, 7.2).</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: ended already.</exception>
    public Task EndAsync(Guid id, Actor actor, CancellationToken ct) => ChangeAsync(id, AuditAction.DelegationEnded, actor, async (db, delegation) =>
    {
        delegation.End(clock.GetUtcNow());
        await orders.CancelAllAsync(db, id, "The owner ended the delegation.", actor, ct);
    }, ct);

    /// <summary>What nobody in particular asks for is never granted without a person's approval.</summary>
    private static DelegationTerms ForStrangers(DelegationTerms terms, Guid? consumerId) => consumerId is null ? terms with { Approval = DelegationApproval.Person } : terms;

    private Task ChangeAsync(Guid id, AuditAction action, Actor actor, Action<NameDelegation> change, CancellationToken ct) => ChangeAsync(id, action, actor, (_, delegation) =>
    {
        change(delegation);
        return Task.CompletedTask;
    }, ct);

    private async Task ChangeAsync(Guid id, AuditAction action, Actor actor, Func<PortalDbContext, NameDelegation, Task> change, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var delegation = await db.NameDelegations.FindAsync([id], ct);
        if (delegation is null || !DelegationRights.MayManage(delegation.OwnerId, actor)) throw DelegationErrors.NotFound();
        await change(db, delegation);
        await SaveAsync(db, action, delegation, actor, ct);
    }

    private async Task SaveAsync(PortalDbContext db, AuditAction action, NameDelegation delegation, Actor actor, CancellationToken ct)
    {
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "delegation", delegation.Id, clock.GetUtcNow(),
            $"{delegation.Names.Replace('\n', ' ')} by {delegation.Upstream}, {delegation.MaxLifetime} days, {delegation.MaxValidity} hours, {delegation.Approval}"));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw DelegationErrors.Busy();
        }
    }
}

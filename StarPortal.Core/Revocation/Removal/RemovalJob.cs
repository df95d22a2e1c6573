using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Carries out the removals that can't be undone any more. Killed anywhere it goes on in the next run, and does nothing twice.</summary>
public sealed class RemovalJob(IDbContextFactory<PortalDbContext> contexts, RemovalCompletion completion, PersonAutomation automation, PersonGrants grants, TimeProvider clock) : IPortalJob
{
    public string Name => "person-removal";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var due = await FindDueAsync(ct);
        var removed = 0;
        foreach (var (id, userId) in due)
            if (await TryRemoveAsync(id, userId, ct)) removed++;
        return removed == due.Count ? $"{removed} people removed" : $"{removed} people removed, {due.Count - removed} put off: somebody else was at something of theirs";
    }

    /// <summary>First what has units of work of its own; each part of it is done once, however often it is begun.</summary>
    /// <returns>False: somebody else changes something of the person's at the same moment. The next run goes on, and nobody else waits for it.</returns>
    private async Task<bool> TryRemoveAsync(Guid id, Guid userId, CancellationToken ct)
    {
        try
        {
            await automation.EndAsync(userId, Actor.System(Name), ct);
            await grants.EndAsync(userId, Actor.System(Name), ct);
            return await completion.CompleteAsync(id, Actor.System(Name), ct);
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Conflict)
        {
            return false;
        }
    }

    private async Task<List<(Guid Id, Guid UserId)>> FindDueAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var due = await db.PersonRemovals.Where(removal => removal.Status == RemovalStatus.Pending && removal.DueAt <= now).OrderBy(removal => removal.DueAt)
            .Select(removal => new { removal.Id, removal.UserId }).ToListAsync(ct);
        return [.. due.Select(removal => (removal.Id, removal.UserId))];
    }
}

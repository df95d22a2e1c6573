using Microsoft.EntityFrameworkCore;

namespace StarPortal.Core.Data;

/// <summary>What waits in the outbox: how much, since when, and what was given up.</summary>
/// <param name="OldestDue">When the longest waiting item fell due; null when none is.</param>
public sealed record OutboxState(int Pending, int Dead, DateTimeOffset? OldestDue);

/// <summary>Whether the database answers, and what its outbox holds: for health checks, metrics and the status page.</summary>
public sealed class DatabaseProbe(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <exception cref="Exception">The provider's own, when the database does not answer.</exception>
    public async Task PingAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Outbox.AnyAsync(item => item.Status == OutboxStatus.Pending, ct);
    }

    /// <param name="kind">Only items of this kind; null for all.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<OutboxState> ReadOutboxAsync(string? kind, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var items = db.Outbox.Where(item => kind == null || item.Kind == kind);
        var pending = items.Where(item => item.Status == OutboxStatus.Pending);
        return new(
            await pending.CountAsync(ct),
            await items.CountAsync(item => item.Status == OutboxStatus.Dead, ct),
            await pending.Where(item => item.DueAt <= now).OrderBy(item => item.DueAt).Select(item => (DateTimeOffset?)item.DueAt).FirstOrDefaultAsync(ct));
    }
}

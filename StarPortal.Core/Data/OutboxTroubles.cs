using Microsoft.EntityFrameworkCore;

namespace StarPortal.Core.Data;

/// <param name="IsDead">Given up; else it is tried again.</param>
/// <param name="LastError">Of the newest of them.</param>
public sealed record OutboxTrouble(string Kind, bool IsDead, int Count, string LastError);

/// <summary>Deeds whose last attempt failed, for administrators.</summary>
public sealed class OutboxTroubles(IDbContextFactory<PortalDbContext> contexts)
{
    private const int Most = 500;

    /// <summary>By kind; of more than 500 deeds the newest.</summary>
    public async Task<IReadOnlyList<OutboxTrouble>> ReadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var failed = await db.Outbox.AsNoTracking().Where(item => item.Status != OutboxStatus.Done && item.LastError != null)
            .OrderByDescending(item => item.CreatedAt).Take(Most).Select(item => new { item.Kind, item.Status, item.LastError }).ToListAsync(ct);
        return [.. failed.GroupBy(item => (item.Kind, IsDead: item.Status is OutboxStatus.Dead))
            .Select(group => new OutboxTrouble(group.Key.Kind, group.Key.IsDead, group.Count(), group.First().LastError!))];
    }
}

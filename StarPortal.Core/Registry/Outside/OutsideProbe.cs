using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Registry;

/// <summary>How it stands between the registry and the one outside.</summary>
/// <param name="IsConfigured">False: there is none, and the rest is empty.</param>
/// <param name="Waiting">Changes that it has not been told of.</param>
/// <param name="Since">When the oldest of them was made.</param>
/// <param name="Trouble">Why the newest failure failed; null: nothing fails.</param>
/// <param name="Divergent">Differences that the last comparison found.</param>
/// <param name="Held">How many people are not removed there until an administrator has looked.</param>
public sealed record OutsideState(bool IsConfigured, int Waiting, DateTimeOffset? Since, string? Trouble, int Divergent, int Held)
{
    public static readonly OutsideState None = new(false, 0, null, null, 0, 0);
}

/// <summary>For the status page, metrics and alarms.</summary>
public sealed class OutsideProbe(IDbContextFactory<PortalDbContext> contexts, IOptions<RegistryOptions> options)
{
    public async Task<OutsideState> ReadAsync(CancellationToken ct)
    {
        if (!options.Value.Outside.IsConfigured) return OutsideState.None;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var waiting = db.Outbox.AsNoTracking().Where(item => item.Kind == OutsideTelling.Kind && item.Status == OutboxStatus.Pending);
        var last = await db.Reconciliations.AsNoTracking().OrderByDescending(run => run.At).FirstOrDefaultAsync(ct);
        return new(
            true, await waiting.CountAsync(ct), await waiting.OrderBy(item => item.CreatedAt).Select(item => (DateTimeOffset?)item.CreatedAt).FirstOrDefaultAsync(ct),
            await waiting.Where(item => item.LastError != null && item.LastError != OutsideTelling.WaitWords).OrderByDescending(item => item.CreatedAt).Select(item => item.LastError).FirstOrDefaultAsync(ct),
            last?.Total ?? 0, last is { IsHeld: true } ? last.Unknown : 0);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>The night's run: every other side is made like this one, each whether or not the others could be. What did not end is tried again by the outbox.</summary>
public sealed class MirrorJob(MirrorSites sites, MirrorRuns runs, IDbContextFactory<PortalDbContext> contexts, TimeProvider clock) : IPortalJob
{
    public const string JobName = MirrorErrand.Kind;

    public string Name => JobName;

    /// <exception cref="ServiceException">Unavailable: not all of them ended.</exception>
    public async Task<string> RunAsync(CancellationToken ct)
    {
        if (sites.Targets.Count == 0) return "no second site";
        List<string> lines = [];
        var failed = false;
        foreach (var target in sites.Targets)
        {
            try
            {
                lines.Add($"{target}: {await runs.RunAsync(target, ct)}");
            }
            catch (ServiceException failure)
            {
                failed = true;
                lines.Add($"{target}: {failure.Message}");
                await TryLaterAsync(target, ct);
            }
        }

        var summary = string.Join("; ", lines);
        return failed ? throw MyProxyErrors.SitesFailed(summary) : summary;
    }

    private async Task TryLaterAsync(string target, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var prefix = MirrorErrand.RunsOf(target);
        if (await db.Outbox.AnyAsync(item => item.Kind == MirrorErrand.Kind && item.Status == OutboxStatus.Pending && item.Key.StartsWith(prefix), ct)) return;
        db.Outbox.Add(new MirrorErrand(target, null).ToItem(clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
    }
}

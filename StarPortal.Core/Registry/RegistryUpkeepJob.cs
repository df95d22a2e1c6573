using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Every night: enters who is certified and not in yet, lets requests lapse, ends permissions whose time is over, and forgets what ended long ago.</summary>
public sealed class RegistryUpkeepJob(IDbContextFactory<PortalDbContext> contexts, RegistryBackfill backfill, IOptions<RegistryOptions> options, TimeProvider clock) : IPortalJob
{
    private const int BatchSize = 500;

    public string Name => "registry-upkeep";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var entered = await backfill.RunAsync(Actor.System(Name), ct);
        var (lapsed, ended) = await EndAsync(ct);
        return $"{entered} people entered, {lapsed} requests lapsed, {ended} permissions ended, {await ForgetAsync(ct)} rows forgotten";
    }

    private async Task<(int Lapsed, int Ended)> EndAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var before = now - options.Value.RequestsWait;
        var requests = await db.AccessRequests.Where(request => request.Status == AccessRequestStatus.Waiting && request.AskedAt <= before).OrderBy(request => request.AskedAt).Take(BatchSize).ToListAsync(ct);
        requests.ForEach(request => request.Lapse(now));
        var permissions = await db.AccessGrants.Where(permission => permission.EndedAt == null && permission.Until <= now).OrderBy(permission => permission.Until).Take(BatchSize).ToListAsync(ct);
        permissions.ForEach(permission => permission.End(Actor.System(Name), now));
        await db.SaveChangesAsync(ct);
        return (requests.Count, permissions.Count);
    }

    private async Task<int> ForgetAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - options.Value.KeepEnded;
        return await db.RegistryEntries.Where(entry => entry.RemovedAt <= before).ExecuteDeleteAsync(ct)
            + await db.AccessRequests.Where(request => request.EndedAt <= before).ExecuteDeleteAsync(ct)
            + await db.AccessGrants.Where(permission => permission.EndedAt <= before).ExecuteDeleteAsync(ct)
            + await db.RegistryTokens.Where(token => token.RevokedAt <= before).ExecuteDeleteAsync(ct);
    }
}

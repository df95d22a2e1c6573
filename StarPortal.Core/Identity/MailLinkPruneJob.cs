using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Identity;

/// <summary>Forgets links 90 days after they expired: until then their page says that they did, afterwards that they are unknown.</summary>
internal sealed class MailLinkPruneJob(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock) : IPortalJob
{
    internal static readonly TimeSpan Keep = TimeSpan.FromDays(90);

    public string Name => "mail-link-prune";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - Keep;
        return $"{await db.MailLinks.Where(link => link.ExpiresAt < before).ExecuteDeleteAsync(ct)} links forgotten";
    }
}

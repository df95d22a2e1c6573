using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Enrollment;

/// <summary>Forgets new passphrases that nobody confirmed in time, and their keys.</summary>
internal sealed class RecoveryPruneJob(IDbContextFactory<PortalDbContext> contexts, IOptions<EnrollmentOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "recovery-prune";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        // A day more than they are good for: the mails of a day are counted by them.
        var before = clock.GetUtcNow() - options.Value.RecoveryTime - TimeSpan.FromDays(1);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return $"{await db.RecoveryAttempts.Where(attempt => attempt.AskedAt < before).ExecuteDeleteAsync(ct)} unconfirmed recoveries forgotten";
    }
}

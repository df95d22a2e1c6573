using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Enters those who were certified before there was a registry here, a batch a unit of work.</summary>
public sealed class RegistryBackfill(IDbContextFactory<PortalDbContext> contexts, RegistryMembership membership, TimeProvider clock)
{
    private const int BatchSize = 200;

    /// <returns>How many people were entered.</returns>
    internal async Task<int> RunAsync(Actor actor, CancellationToken ct)
    {
        var entered = 0;
        while (await RunBatchAsync(actor, ct) is > 0 and var some) entered += some;
        return entered;
    }

    private async Task<int> RunBatchAsync(Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var (entries, certificates) = (db.RegistryEntries, db.IssuedCertificates);
        var missing = await db.Users.Where(user => user.CertificateSubject != null && !entries.Any(entry => entry.UserId == user.Id)
            && certificates.Any(certificate => certificate.UserId == user.Id && certificate.RevokedAt == null && certificate.NotAfter > now)).OrderBy(user => user.Id).Take(BatchSize).ToListAsync(ct);
        foreach (var user in missing) await membership.EnterAsync(db, user, DistinguishedName.Parse(user.CertificateSubject!).ToOneLine(), actor, ct);
        await db.SaveChangesAsync(ct);
        return missing.Count;
    }
}

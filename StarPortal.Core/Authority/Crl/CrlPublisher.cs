using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>Signs CRLs: when half of the last one's time has passed, and after each revocation.</summary>
public sealed class CrlPublisher(
    Issuers issuers, CrlShelf shelf, IDbContextFactory<PortalDbContext> contexts, IOptions<AuthorityOptions> options, TimeProvider clock)
{
    /// <summary>Nodes that publish at the same instant meet at the number's index; one of them goes again.</summary>
    private const int Attempts = 5;

    /// <summary>Older ones are of use to nobody: the newest lists all that they listed.</summary>
    private const int KeptPerIssuer = 5;

    /// <summary>Signs those whose successor is due, and the first of each issuer.</summary>
    /// <returns>How many were signed.</returns>
    public async Task<int> PublishDueAsync(CancellationToken ct)
    {
        var published = 0;
        foreach (var issuer in Issuers.Names)
        {
            if (await shelf.FindAsync(issuer, ct) is { } current && !current.IsDueAt(clock.GetUtcNow())) continue;
            await PublishAsync(issuer, ct);
            published++;
        }

        return published;
    }

    /// <summary>Signs a new CRL of this issuer now.</summary>
    public async Task<PublishedCrl> PublishAsync(string issuer, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryPublishAsync(issuer, ct);
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                // Another node took the number.
            }
        }
    }

    private async Task<PublishedCrl> TryPublishAsync(string issuer, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var number = (await db.PublishedCrls.Where(crl => crl.Issuer == issuer).MaxAsync(crl => (long?)crl.Number, ct) ?? 0) + 1;
        var lifetime = issuer == Issuers.Root ? options.Value.RootCrlLifetime : options.Value.CrlLifetime;
        var crl = CrlWriter.Sign(issuers.Get(issuer), number, await FindRevokedAsync(db, issuer, now - lifetime, ct), now, lifetime);

        db.PublishedCrls.Add(crl);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CrlPublished, Actor.System("crl"), "crl", issuer, now, $"number {number}, {crl.EntryCount} entries"));
        await db.SaveChangesAsync(ct);
        await db.PublishedCrls.Where(old => old.Issuer == issuer && old.Number <= number - KeptPerIssuer).ExecuteDeleteAsync(ct);
        shelf.Put(crl);
        return crl;
    }

    /// <summary>RFC 5280 3.3: an entry stays until it was on a CRL that was issued after the certificate's end.</summary>
    private static async Task<IReadOnlyList<CrlEntry>> FindRevokedAsync(PortalDbContext db, string issuer, DateTimeOffset endedAfter, CancellationToken ct) =>
        await db.IssuedCertificates.AsNoTracking()
            .Where(certificate => certificate.Issuer == issuer && certificate.RevokedAt != null && certificate.NotAfter > endedAfter)
            .OrderBy(certificate => certificate.RevokedAt)
            .Select(certificate => new CrlEntry(certificate.SerialNumber, certificate.RevokedAt!.Value, certificate.RevocationReason ?? RevocationReason.Unspecified))
            .ToListAsync(ct);
}

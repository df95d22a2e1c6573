using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>The inventory: every certificate that our CAs signed, for administrators and auditors.</summary>
public sealed class CertificateSearch(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <summary>Matches that are put in order in memory.</summary>
    private const int Few = 2_000;

    /// <summary>What was typed beyond this is not looked for.</summary>
    private const int MaxText = 200;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<CertificatePage> FindAsync(CertificateQuery query, Actor actor, CancellationToken ct)
    {
        RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var matches = Narrow(db.IssuedCertificates.AsNoTracking(), query, now);
        var (page, total) = await FindPageAsync(matches, (Math.Clamp(query.Page, 1, 1_000_000) - 1) * PageSize, ct);
        var certificates = db.IssuedCertificates.AsNoTracking();
        var rows = await certificates.Where(certificate => page.Contains(certificate.Id))
            .OrderByDescending(certificate => certificate.IssuedAt).ThenByDescending(certificate => certificate.Id)
            .Select(certificate => new
            {
                certificate.SerialNumber, certificate.Subject, certificate.Names, certificate.Profile, certificate.OrganisationId, certificate.IssuedAt, certificate.NotAfter, certificate.RevokedAt,
            }).ToListAsync(ct);
        return new CertificatePage(
            [.. rows.Select(row => new CertificateRow(row.SerialNumber, row.Subject, row.Names, row.Profile, row.OrganisationId, row.IssuedAt, row.NotAfter, StatusOf(row.RevokedAt, row.NotAfter, now)))], total);
    }

    /// <exception cref="ServiceException">NotFound; Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<CertificateDetails> GetAsync(SerialNumber serialNumber, Actor actor, CancellationToken ct)
    {
        RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await db.IssuedCertificates.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.SerialNumber == serialNumber, ct)
            ?? throw AuthorityErrors.NoSuchCertificate();
        return new CertificateDetails(certificate, StatusOf(certificate.RevokedAt, certificate.NotAfter, clock.GetUtcNow()),
            CertificateText.Render(certificate.Der), PemEncoding.WriteString("CERTIFICATE", certificate.Der));
    }

    /// <summary>
    /// The ids of a page, and the number of matches. Databases like to walk the index of the order and test row after row, which is quick
    /// for what matches often and slow for what hardly ever does; so few matches are read in one scan and put in order here.
    /// </summary>
    private static async Task<(List<Guid> Page, int Total)> FindPageAsync(IQueryable<IssuedCertificate> matches, int skip, CancellationToken ct)
    {
        var few = await matches.OrderBy(certificate => 1).Select(certificate => new { certificate.Id, certificate.IssuedAt }).Take(Few + 1).ToListAsync(ct);
        if (few.Count <= Few)
            return ([.. few.OrderByDescending(certificate => certificate.IssuedAt).ThenByDescending(certificate => certificate.Id).Skip(skip).Take(PageSize).Select(certificate => certificate.Id)], few.Count);

        var total = await matches.CountAsync(ct);
        var page = await matches.OrderByDescending(certificate => certificate.IssuedAt).ThenByDescending(certificate => certificate.Id)
            .Skip(skip).Take(PageSize).Select(certificate => certificate.Id).ToListAsync(ct);
        return (page, total);
    }

    private static void RequireReader(Actor actor) => actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);

    private static IQueryable<IssuedCertificate> Narrow(IQueryable<IssuedCertificate> certificates, CertificateQuery query, DateTimeOffset now)
    {
        if (query.Profile is { Length: > 0 } profile) certificates = certificates.Where(certificate => certificate.Profile == profile);
        if (query.OrganisationId is { } organisation) certificates = certificates.Where(certificate => certificate.OrganisationId == organisation);
        if (query.EndsFrom is { } from) certificates = certificates.Where(certificate => certificate.NotAfter >= from);
        if (query.EndsBefore is { } before) certificates = certificates.Where(certificate => certificate.NotAfter < before);
        return NarrowByText(NarrowByStatus(certificates, query.Status, now), query.Text?.Trim());
    }

    private static IQueryable<IssuedCertificate> NarrowByStatus(IQueryable<IssuedCertificate> certificates, CertificateStatus? status, DateTimeOffset now) => status is not { } wanted ? certificates : wanted switch
    {
        CertificateStatus.Valid => certificates.Where(certificate => certificate.RevokedAt == null && certificate.NotAfter >= now),
        CertificateStatus.Expired => certificates.Where(certificate => certificate.RevokedAt == null && certificate.NotAfter < now),
        CertificateStatus.Revoked => certificates.Where(certificate => certificate.RevokedAt != null),
    };

    /// <summary>A whole serial number, with colons or without, is looked up by its index; any other text is searched for.</summary>
    private static IQueryable<IssuedCertificate> NarrowByText(IQueryable<IssuedCertificate> certificates, string? text)
    {
        if (string.IsNullOrEmpty(text)) return certificates;
        if (text.Length >= SerialNumber.Length && SerialNumber.TryParse(text, out var serial)) return certificates.Where(certificate => certificate.SerialNumber == serial);
        var part = (text.Length > MaxText ? text[..MaxText] : text).ToLowerInvariant();
        return certificates.Where(certificate => certificate.SearchText.Contains(part));
    }

    private static CertificateStatus StatusOf(DateTimeOffset? revokedAt, DateTimeOffset notAfter, DateTimeOffset now) =>
        revokedAt is not null ? CertificateStatus.Revoked : notAfter < now ? CertificateStatus.Expired : CertificateStatus.Valid;
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What became of the certificates that end in a month; those that were revoked don't count.</summary>
/// <param name="First">The month's first day.</param>
/// <param name="Ending">All of them.</param>
/// <param name="Notified">Their holders were told.</param>
/// <param name="Opened">The form was sent, right or wrong.</param>
/// <param name="Renewed">Replaced, in whatever way.</param>
/// <param name="Declined">Not wanted any more.</param>
/// <param name="Lapsed">Ended, and neither replaced nor declined.</param>
public sealed record FunnelMonth(DateOnly First, int Ending, int Notified, int Opened, int Renewed, int Declined, int Lapsed);

/// <summary>How far people get from the notice to the new certificate: for officers of their organisations, for administrators and auditors of all.</summary>
public sealed class RenewalFunnel(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int MonthsBack = 6;
    private const int MonthsAhead = 2;

    /// <returns>The oldest month first; the current one and two after it among them.</returns>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<IReadOnlyList<FunnelMonth>> ReadAsync(Actor actor, CancellationToken ct)
    {
        RenewalScope.RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var current = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        List<FunnelMonth> months = [];
        for (var i = -MonthsBack; i <= MonthsAhead; i++) months.Add(await ReadAsync(db, current.AddMonths(i), actor, now, ct));
        return months;
    }

    private static async Task<FunnelMonth> ReadAsync(PortalDbContext db, DateTimeOffset first, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var (all, renewals, next) = (db.IssuedCertificates.AsNoTracking(), db.CertificateRenewals.AsNoTracking(), first.AddMonths(1));
        var ending = all.Where(certificate => certificate.NotAfter >= first && certificate.NotAfter < next && certificate.RevokedAt == null && Issuers.OfPeople.Contains(certificate.Issuer) && certificate.UserId != null);
        if (RenewalScope.Of(actor) is { } scope) ending = ending.Where(certificate => certificate.OrganisationId != null && scope.Contains(certificate.OrganisationId.Value));
        var fates = from certificate in ending
                    join renewal in renewals on certificate.Id equals renewal.CertificateId into known
                    from renewal in known.DefaultIfEmpty()
                    select new
                    {
                        IsNotified = renewal != null && renewal.NotifiedAt != null,
                        IsOpened = renewal != null && renewal.OpenedAt != null,
                        IsDeclined = renewal != null && renewal.DeclinedAt != null,
                        HasEnded = certificate.NotAfter <= now,
                        IsRenewed = all.Any(later => later.UserId == certificate.UserId && later.Subject == certificate.Subject && later.Profile == certificate.Profile
                            && later.IssuedAt > certificate.IssuedAt && later.NotAfter > certificate.NotAfter),
                    };
        var groups = await fates.GroupBy(fate => fate).Select(group => new Fate(
            group.Key.IsNotified, group.Key.IsOpened, group.Key.IsRenewed, group.Key.IsDeclined, group.Key.HasEnded, group.Count())).ToListAsync(ct);
        return new(
            DateOnly.FromDateTime(first.UtcDateTime), groups.Sum(fate => fate.Count), Count(groups, fate => fate.IsNotified), Count(groups, fate => fate.IsOpened), Count(groups, fate => fate.IsRenewed),
            Count(groups, fate => fate is { IsDeclined: true, IsRenewed: false }), Count(groups, fate => fate is { HasEnded: true, IsRenewed: false, IsDeclined: false }));
    }

    private static int Count(IEnumerable<Fate> fates, Func<Fate, bool> belongs) => fates.Where(belongs).Sum(fate => fate.Count);

    /// <summary>How many certificates have gone the same way.</summary>
    private sealed record Fate(bool IsNotified, bool IsOpened, bool IsRenewed, bool IsDeclined, bool HasEnded, int Count);
}

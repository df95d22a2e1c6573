using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What the dashboard shows.</summary>
/// <param name="IssuedByDay">The last days, the oldest first.</param>
/// <param name="FailuresByReason">Authorizations that failed within these days, and orders that were refused their certificate, by the kind of problem.</param>
/// <param name="RefusedOrders">New orders that were refused by this node since it started, by the kind of problem.</param>
/// <param name="EndingIn7Days">Valid certificates that end within a week.</param>
public sealed record AcmeFigures(
    IReadOnlyList<KeyValuePair<DateOnly, long>> IssuedByDay, IReadOnlyList<KeyValuePair<AcmeProblemType, int>> FailuresByReason,
    IReadOnlyList<KeyValuePair<AcmeProblemType, long>> RefusedOrders, int OpenOrders, int WaitingValidations, int EndingIn7Days, int EndingIn30Days);

/// <summary>Issuances, failures by reason and expiries of what came by ACME.</summary>
public sealed class AcmeOutlook(IDbContextFactory<PortalDbContext> contexts, AcmeMetrics metrics, TimeProvider clock)
{
    private const int Days = 14;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<AcmeFigures> ReadAsync(Actor actor, CancellationToken ct)
    {
        actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var byAcme = db.IssuedCertificates.Where(certificate => certificate.SourceKey.StartsWith("acme-order:"));
        List<KeyValuePair<DateOnly, long>> issued = [];
        for (var day = today.AddDays(1 - Days); day <= today; day = day.AddDays(1))
        {
            var (from, to) = (day, day.AddDays(1));
            issued.Add(KeyValuePair.Create(DateOnly.FromDateTime(day.UtcDateTime), await byAcme.LongCountAsync(certificate => certificate.IssuedAt >= from && certificate.IssuedAt < to, ct)));
        }

        var since = today.AddDays(1 - Days);
        var failures = await FinalizeRefusals.CountAsync(db, since, ct);
        var failed = await db.AcmeAuthorizations.Where(authorization => authorization.Status == AcmeAuthorizationStatus.Invalid && authorization.CreatedAt >= since && authorization.Problem != null)
            .GroupBy(authorization => authorization.Problem!.Value).Select(group => new { Problem = group.Key, Count = group.Count() }).ToListAsync(ct);
        foreach (var failure in failed) failures[failure.Problem] = failures.GetValueOrDefault(failure.Problem) + failure.Count;
        var (week, month) = (now.AddDays(7), now.AddDays(30));
        return new AcmeFigures(
            issued,
            [.. failures.OrderByDescending(failure => failure.Value)],
            metrics.RefusedOrders,
            await db.AcmeOrders.CountAsync(order => order.Status == AcmeOrderStatus.Pending && order.ExpiresAt > now, ct),
            await db.AcmeAuthorizations.CountAsync(authorization => authorization.DueAt != null, ct),
            await byAcme.CountAsync(certificate => certificate.RevokedAt == null && certificate.NotAfter > now && certificate.NotAfter <= week, ct),
            await byAcme.CountAsync(certificate => certificate.RevokedAt == null && certificate.NotAfter > now && certificate.NotAfter <= month, ct));
    }
}

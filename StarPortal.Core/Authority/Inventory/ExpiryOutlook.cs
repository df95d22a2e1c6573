using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>How many certificates end in a month.</summary>
/// <param name="First">The month's first day; of the first entry, today.</param>
/// <param name="Count">Valid ones: not revoked.</param>
public sealed record ExpiringMonth(DateOnly First, int Count);

/// <summary>When the certificates that are valid now will end: what administrators have to be ready for.</summary>
public sealed class ExpiryOutlook(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int Months = 12;

    /// <returns>Twelve months, the current one first.</returns>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<IReadOnlyList<ExpiringMonth>> ReadAsync(Actor actor, CancellationToken ct)
    {
        actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificates = db.IssuedCertificates;
        var now = clock.GetUtcNow();
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        List<ExpiringMonth> outlook = [];
        for (var i = 0; i < Months; i++)
        {
            var (from, to) = (i == 0 ? now : month.AddMonths(i), month.AddMonths(i + 1));
            var count = await certificates.CountAsync(certificate => certificate.NotAfter >= from && certificate.NotAfter < to && certificate.RevokedAt == null, ct);
            outlook.Add(new(DateOnly.FromDateTime(from.UtcDateTime), count));
        }

        return outlook;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>The periods of an order, cut to what this portal's own CA grants.</summary>
public sealed class LocalRenewals(IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, IssuanceProfiles profiles, IOptions<StarOptions> options, TimeProvider clock)
{
    internal IOrderTerms TermsOf(DelegatedOrder order)
    {
        var now = clock.GetUtcNow();
        var start = order.StartDate > now ? order.StartDate : null;
        DateTimeOffset[] ends = [order.EndDate!.Value, (start ?? now) + options.Value.MaxDuration, new(authority.ChainOf(Issuers.Servers)[0].NotAfter.ToUniversalTime())];
        var end = DateTimeOffset.FromUnixTimeSeconds(ends.Min().ToUnixTimeSeconds());
        return new StarTerms(new AskedRenewal(start, end, Math.Max(order.Lifetime, (long)options.Value.MinLifetime.TotalSeconds), order.LifetimeAdjust, AllowCertificateGet: true, IsDraft: false), profiles);
    }

    /// <returns>Until when a certificate that is issued now may be valid; null: the owner does not say.</returns>
    internal DateTimeOffset? LastDayOf(DelegatedOrder order) =>
        order.LongestLife is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds() + seconds) : null;

    /// <returns>DER of the certificate of an order that does not renew itself; null: it has none.</returns>
    internal async Task<byte[]?> FindCertificateAsync(Guid orderId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var source = AcmeOrder.SourceKeyOf(orderId);
        return await db.IssuedCertificates.Where(certificate => certificate.SourceKey == source).Select(certificate => certificate.Der).SingleOrDefaultAsync(ct);
    }
}

namespace StarPortal.Core.Delegation;

/// <summary>When certificates of a CA without STAR are ordered anew, and how they are kept: what RFC 8739 has the CA do, done here.</summary>
public sealed class AcmeUpstreamRenewal(KeptCertificates kept, DelegationDirectory directory, TimeProvider clock)
{
    /// <summary>Windows move (RFC 9773 4.3): they are looked at as often.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(6);

    /// <summary>A part of a certificate's life; the rest is for trouble.</summary>
    private const double RenewAfter = 2.0 / 3;

    /// <summary>As <see cref="RenewAfter"/>: whatever the CA suggests, consumers have to find the next one in time.</summary>
    private const double RenewBy = 0.9;

    /// <summary>What the CA grants of what was asked for.</summary>
    public AskedAutoRenewal AskFor(DelegatedOrder order, UpstreamStarTerms terms)
    {
        var now = clock.GetUtcNow();
        var last = DateTimeOffset.FromUnixTimeSeconds(((order.StartDate > now ? order.StartDate.Value : now) + terms.MaxDuration).ToUnixTimeSeconds());
        var lifetime = TimeSpan.FromSeconds(Math.Max(order.Lifetime, terms.MinLifetime.TotalSeconds));
        return new AskedAutoRenewal(order.EndDate < last ? order.EndDate.Value : last, lifetime) { StartDate = order.StartDate > now ? order.StartDate : null, LifetimeAdjust = TimeSpan.FromSeconds(order.LifetimeAdjust), AllowCertificateGet = true };
    }

    /// <summary>The certificate goes into the order's list, in the commit that says it is there.</summary>
    public async Task<UpstreamStep> KeepAsync(DelegatedOrder order, CheckedChain chain, CancellationToken ct)
    {
        var number = await kept.FindLastAsync(order.Id, ct) is { } last ? last.Number + 1 : 0;
        var certificate = KeptCertificate.Of(order.Id, number, chain, clock.GetUtcNow());
        DateTimeOffset? next = order.IsStar && order.EndDate > certificate.NotAfter ? Earlier(RenewAt(certificate), clock.GetUtcNow() + LookEvery) : null;
        return new UpstreamStep.Issued(directory.StarCertificate(order.Id), certificate.NotAfter, next) { Rows = db => db.KeptCertificates.Add(certificate), IsKeptHere = true, Lifetime = MinutesUntil(certificate.NotAfter) * 60 };
    }

    /// <returns>What to do instead of ordering now; null: it is time.</returns>
    /// <exception cref="UpstreamException">The CA was not reached; renewal information that fails is none.</exception>
    public async Task<UpstreamStep?> FindPauseAsync(DelegatedOrder order, UpstreamAccess access, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await kept.FindLastAsync(order.Id, ct) is not { } last || !order.IsStar || order.EndDate <= now || last.NotAfter >= order.EndDate) return new UpstreamStep.Over();
        var renewAt = await FindWindowAsync(order, last, access, ct) ?? RenewAt(last);
        return renewAt <= now ? null : new UpstreamStep.Waiting(Earlier(renewAt, now + LookEvery) - now, null);
    }

    /// <summary>Of a certificate's life from now on, to the nearest minute: its begin may lie in the past, and its last second counts.</summary>
    private long MinutesUntil(DateTimeOffset end) => (long)Math.Round((end - clock.GetUtcNow()).TotalMinutes);

    private static DateTimeOffset RenewAt(KeptCertificate certificate) => At(certificate, RenewAfter);

    private static DateTimeOffset At(KeptCertificate certificate, double part) => certificate.NotBefore + (certificate.NotAfter - certificate.NotBefore) * part;

    /// <summary>RFC 9773 4.2: a point in the window, the same whenever it is asked for.</summary>
    private static async Task<DateTimeOffset?> FindWindowAsync(DelegatedOrder order, KeptCertificate last, UpstreamAccess access, CancellationToken ct)
    {
        if (last.RenewalId is not { } id) return null;
        try
        {
            var client = await access.GetClientAsync(ct);
            if (await client.FindRenewalInfoAsync(id, ct) is not { } info) return null;
            var share = BitConverter.ToUInt16(order.Id.ToByteArray()) / (double)ushort.MaxValue;
            return Earlier(info.WindowStart + (info.WindowEnd - info.WindowStart) * share, At(last, RenewBy));
        }
        catch (UpstreamException)
        {
            return null;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}

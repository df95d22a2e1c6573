using System.Formats.Asn1;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What a stored chain allows the next proxy below it to be.</summary>
/// <param name="Certificate">The chain's first: an end entity's, or itself a proxy.</param>
/// <param name="EndsAt">When the first link of the chain ends.</param>
/// <param name="IsLimited">A limited proxy stands in the chain: what is below it is limited.</param>
internal sealed record ProxySigner(GridCertificate Certificate, DateTimeOffset EndsAt, bool IsLimited)
{
    /// <param name="chain">DER, leaf first.</param>
    /// <exception cref="ServiceException">Invalid: it may not sign a proxy, or has ended.</exception>
    public static ProxySigner Of(IReadOnlyList<byte[]> chain, DateTimeOffset now)
    {
        try
        {
            return Read(chain, now);
        }
        catch (AsnContentException)
        {
            throw ProxyErrors.CannotDelegate("The stored credential is damaged.");
        }
    }

    private static ProxySigner Read(IReadOnlyList<byte[]> chain, DateTimeOffset now)
    {
        GridCertificate[] links = [.. chain.Select(der => GridCertificate.Read(der))];
        var (endsAt, isLimited, isBelowProxies) = (DateTimeOffset.MaxValue, false, true);
        for (var index = 0; index < links.Length; index++)
        {
            if (links[index].NotAfter < endsAt) endsAt = links[index].NotAfter;
            isBelowProxies &= links[index].Proxy is not null;
            if (!isBelowProxies) continue;
            isLimited |= links[index].Proxy!.IsLimited;
            // RFC 3820 3.8.1: how many proxies may follow; those in between and the new one do.
            if (links[index].Proxy!.PathLength <= index) throw ProxyErrors.CannotDelegate("A proxy in the stored chain allows no further proxy below it.");
        }

        if (links is not [var signer, ..]) throw ProxyErrors.CannotDelegate("The stored credential has no certificate.");
        if (endsAt <= now) throw ProxyErrors.CannotDelegate("certificate has expired");
        if (signer.IsAuthority) throw ProxyErrors.CannotDelegate("A CA's certificate signs no proxies.");
        if (signer.KeyUsage is { MaySign: false }) throw ProxyErrors.CannotDelegate("The stored certificate's key usage has no digitalSignature: it may not sign proxies (RFC 3820 4.1.3).");
        return new ProxySigner(signer, endsAt, isLimited);
    }
}

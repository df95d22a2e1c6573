using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;

namespace StarPortal.Core.MyProxy;

/// <summary>Our CAs as trust anchors: certificate, the names that they may certify, and a CRL that is never out of date.</summary>
public sealed class OwnAuthorities(Issuers issuers, IssuanceProfiles profiles, CrlShelf crls, CrlPublisher publisher, TimeProvider clock)
{
    /// <summary>A list that ends sooner is replaced first: grid clients take none that has ended.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    internal async Task<IReadOnlyList<TrustAnchor>> ReadAsync(CancellationToken ct)
    {
        List<TrustAnchor> anchors = [];
        foreach (var name in Issuers.Names)
        {
            var certificate = issuers.ChainOf(name)[0];
            var crl = await crls.FindAsync(name, ct);
            if (crl is null || crl.NextUpdate <= clock.GetUtcNow() + Margin) crl = await publisher.PublishAsync(name, ct);
            anchors.Add(new TrustAnchor(CanonicalName.HashOf(certificate.SubjectName.RawData), certificate.RawData, PolicyOf(name, certificate).Write(), crl.Der));
        }

        return anchors;
    }

    /// <summary>
    /// The namespace that the CA itself is in, and what the subjects start with that its profiles give to clients. Certificates for servers only (web, STAR) are no business of grid
    /// clients, and their names are anybody's.
    /// </summary>
    private SigningPolicy PolicyOf(string name, X509Certificate2 certificate)
    {
        var own = DistinguishedName.Decode(certificate.SubjectName.RawData);
        var starts = profiles.All.Where(profile => profile.Issuer == name && profile.IsForClients).Select(profile => profile.SubjectStart)
            .Prepend(DistinguishedName.Of(own.Attributes.Take(own.Attributes.Count - 1)));
        return new SigningPolicy(OneLineName.Of(own.Encoded), [.. starts.Select(start => $"{OneLineName.Of(start.Encoded)}/*").Distinct(StringComparer.Ordinal)]);
    }
}

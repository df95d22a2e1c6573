using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>Turns an order into the certificate that its profile makes of it, and has it checked.</summary>
public sealed class CertificateDrafts(Issuers issuers, IssuanceProfiles profiles, KeyInspector keys, IOptions<AuthorityOptions> options)
{
    /// <exception cref="ServiceException">Conflict: certificates of this profile are not signed here.</exception>
    internal void RequireOurs(IssuanceOrder order)
    {
        if (profiles.Get(order.Profile).External) throw AuthorityErrors.NotOurs();
    }

    /// <exception cref="ServiceException">Invalid: no such profile, or the key cannot be read.</exception>
    internal CertificateDraft Make(IssuanceOrder order, DateTimeOffset now)
    {
        var profile = profiles.Get(order.Profile);
        var issuer = issuers.Get(profile.Issuer);
        var key = order.Key is { } read && read.Encoded.AsSpan().SequenceEqual(order.PublicKeyInfo) ? read : PublicKeyFacts.Parse(order.PublicKeyInfo);
        var wanted = order.NotAfter ?? now + profile.Validity;
        var content = new CertificateContent
        {
            SerialNumber = SerialNumber.New(),
            Issuer = issuer.Subject,
            NotBefore = ToSeconds(order.NotBefore ?? now - options.Value.Backdate),
            NotAfter = ToSeconds(wanted < issuer.NotAfter ? wanted : issuer.NotAfter),
            Subject = order.Subject.Encoded,
            PublicKeyInfo = order.PublicKeyInfo,
            Extensions = [.. Extensions(profile, issuer, key, order)],
        };

        var encoded = content.WriteToBeSigned(issuer.SignatureAlgorithm);
        return new CertificateDraft(issuer, content, encoded, [.. keys.Inspect(key, profile), .. OrderLinter.Find(order, profile), .. CertificateLinter.Find(encoded, profile, issuer, wanted, order.IsShortTerm)]);
    }

    private static IEnumerable<CertificateExtension> Extensions(IssuanceProfile profile, Issuer issuer, PublicKeyFacts key, IssuanceOrder order)
    {
        yield return CertificateExtensions.EndEntity;
        yield return CertificateExtensions.KeyUsage(UsagesFor(profile.KeyUsages, key.Kind));
        if (profile.ExtendedKeyUsageOids is { Count: > 0 } oids) yield return CertificateExtensions.ExtendedKeyUsage(oids);
        yield return CertificateExtensions.SubjectKeyIdentifier(CertificateExtensions.KeyIdentifierOf(key.Encoded));
        foreach (var pointer in order.IsShortTerm ? issuer.ShortTermPointers : issuer.BackPointers) yield return pointer;
        if (profile.PolicyOid is { Length: > 0 } policy) yield return CertificateExtensions.CertificatePolicy(policy);
        // A malformed address would not encode; the order's lint blocks it with a message of its own.
        var names = order.Names.Where(name => NameSyntax.FindProblem(name) is null).ToList();
        if (names.Count > 0) yield return CertificateExtensions.SubjectAlternativeNames(names, order.Subject.IsEmpty);
    }

    private static X509KeyUsageFlags UsagesFor(X509KeyUsageFlags usages, KeyKind kind) => kind switch
    {
        KeyKind.Rsa => usages & ~X509KeyUsageFlags.KeyAgreement,
        KeyKind.Ec => usages & ~(X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment),
    };

    private static DateTimeOffset ToSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

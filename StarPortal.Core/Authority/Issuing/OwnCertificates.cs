using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>The certificates that the authority issues to itself: they have no profile that could be configured wrongly.</summary>
internal static class OwnCertificates
{
    /// <summary>What stands in <see cref="IssuedCertificate.Profile"/> of CA certificates.</summary>
    public const string Authority = "authority";

    /// <summary>What stands in <see cref="IssuedCertificate.Profile"/> of OCSP signers.</summary>
    public const string OcspSigner = "ocsp-signer";

    public static bool IsOwn(string profile) => profile is Authority or OcspSigner;

    public static string AuthoritySource(string issuer) => $"authority:{issuer}";

    /// <summary>The self-signed root (path length 1: one level of CAs below it).</summary>
    public static CertificateContent Root(DistinguishedName name, SigningKey key, int years, DateTimeOffset now) => new()
    {
        SerialNumber = SerialNumber.New(),
        Issuer = name.Encoded,
        NotBefore = Day(now),
        NotAfter = Day(now).AddYears(years),
        Subject = name.Encoded,
        PublicKeyInfo = key.PublicKeyInfo,
        Extensions =
        [
            CertificateExtensions.Authority(pathLength: 1),
            CertificateExtensions.KeyUsage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign),
            CertificateExtensions.SubjectKeyIdentifier(CertificateExtensions.KeyIdentifierOf(key.PublicKeyInfo)),
        ],
    };

    /// <summary>An issuing CA (path length 0). RFC 3820 proxies below its certificates do not count towards it.</summary>
    public static CertificateContent Issuing(DistinguishedName name, byte[] publicKeyInfo, Issuer root, int years, DateTimeOffset now)
    {
        var notAfter = Day(now).AddYears(years);
        return new CertificateContent
        {
            SerialNumber = SerialNumber.New(),
            Issuer = root.Subject,
            NotBefore = Day(now),
            NotAfter = notAfter < root.NotAfter ? notAfter : root.NotAfter,
            Subject = name.Encoded,
            PublicKeyInfo = publicKeyInfo,
            Extensions =
            [
                CertificateExtensions.Authority(pathLength: 0),
                CertificateExtensions.KeyUsage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign),
                CertificateExtensions.SubjectKeyIdentifier(CertificateExtensions.KeyIdentifierOf(publicKeyInfo)),
                .. root.BackPointers,
            ],
        };
    }

    /// <summary>A delegated OCSP signer (RFC 6960 4.2.2.2), which clients do not ask about in turn (4.2.2.2.1).</summary>
    public static CertificateContent Signer(Issuer issuer, byte[] publicKeyInfo, TimeSpan lifetime, DateTimeOffset now)
    {
        var notAfter = now + lifetime;
        return new CertificateContent
        {
            SerialNumber = SerialNumber.New(),
            Issuer = issuer.Subject,
            NotBefore = now.AddMinutes(-5),
            NotAfter = notAfter < issuer.NotAfter ? notAfter : issuer.NotAfter,
            Subject = SignerName(issuer).Encoded,
            PublicKeyInfo = publicKeyInfo,
            Extensions =
            [
                CertificateExtensions.EndEntity,
                CertificateExtensions.KeyUsage(X509KeyUsageFlags.DigitalSignature),
                CertificateExtensions.ExtendedKeyUsage([ExtendedKeyUsages.OcspSigning]),
                CertificateExtensions.SubjectKeyIdentifier(CertificateExtensions.KeyIdentifierOf(publicKeyInfo)),
                .. issuer.BackPointers,
                CertificateExtensions.OcspNoCheck,
            ],
        };
    }

    public static DistinguishedName SignerName(Issuer issuer)
    {
        var name = DistinguishedName.Decode(issuer.Subject);
        return DistinguishedName.Of([.. name.Attributes.Take(name.Attributes.Count - 1), new(NameAttributeType.FindByName("CN")!, $"OCSP signer of {issuer.Name}")]);
    }

    /// <summary>CAs are valid from the day before, so that no clock is too slow for them.</summary>
    private static DateTimeOffset Day(DateTimeOffset now) => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-1);
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>Extensions in words; one that we do not know is shown as its octets.</summary>
internal static class ExtensionText
{
    private static readonly (X509KeyUsageFlags Flag, string Text)[] Usages =
    [
        (X509KeyUsageFlags.DigitalSignature, "Digital Signature"), (X509KeyUsageFlags.NonRepudiation, "Non Repudiation"),
        (X509KeyUsageFlags.KeyEncipherment, "Key Encipherment"), (X509KeyUsageFlags.DataEncipherment, "Data Encipherment"),
        (X509KeyUsageFlags.KeyAgreement, "Key Agreement"), (X509KeyUsageFlags.KeyCertSign, "Certificate Sign"), (X509KeyUsageFlags.CrlSign, "CRL Sign"),
        (X509KeyUsageFlags.EncipherOnly, "Encipher Only"), (X509KeyUsageFlags.DecipherOnly, "Decipher Only"),
    ];

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context6 = new(TagClass.ContextSpecific, 6);

    /// <exception cref="AsnContentException">The extension is malformed.</exception>
    public static (string Name, IReadOnlyList<string> Lines) Describe(CertificateExtension extension) => extension.Oid switch
    {
        CertificateExtensions.BasicConstraintsOid => ("X509v3 Basic Constraints", [BasicConstraints(extension.Value)]),
        CertificateExtensions.KeyUsageOid => ("X509v3 Key Usage", [KeyUsage(extension.Value)]),
        CertificateExtensions.ExtendedKeyUsageOid => ("X509v3 Extended Key Usage", [string.Join(", ", Oids(extension.Value).Select(ExtendedKeyUsages.TextOf))]),
        CertificateExtensions.SubjectKeyIdentifierOid => ("X509v3 Subject Key Identifier", [CertificateText.Colons(Reader(extension.Value).ReadOctetString())]),
        CertificateExtensions.AuthorityKeyIdentifierOid => ("X509v3 Authority Key Identifier", [AuthorityKey(extension.Value)]),
        CertificateExtensions.SubjectAlternativeNameOid => ("X509v3 Subject Alternative Name", [AlternativeNames(extension.Value)]),
        CertificateExtensions.CrlDistributionPointsOid => ("X509v3 CRL Distribution Points", [.. Uris(extension.Value).Select(uri => $"URI:{uri}")]),
        CertificateExtensions.AuthorityInfoAccessOid => ("Authority Information Access", [.. Accesses(extension.Value)]),
        CertificateExtensions.CertificatePoliciesOid => ("X509v3 Certificate Policies", [.. Policies(extension.Value).Select(oid => $"Policy: {oid}")]),
        CertificateExtensions.OcspNoCheckOid => ("OCSP No Check", []),
        var oid => (oid, [CertificateText.Colons(extension.Value)]),
    };

    private static AsnReader Reader(byte[] value) => new(value, AsnEncodingRules.DER);

    private static string BasicConstraints(byte[] value)
    {
        var constraints = new X509BasicConstraintsExtension(new AsnEncodedData(value), critical: true);
        return constraints.CertificateAuthority
            ? "CA:TRUE" + (constraints.HasPathLengthConstraint ? $", pathlen:{constraints.PathLengthConstraint}" : "")
            : "CA:FALSE";
    }

    private static string KeyUsage(byte[] value)
    {
        var flags = new X509KeyUsageExtension(new AsnEncodedData(value), critical: true).KeyUsages;
        return string.Join(", ", Usages.Where(usage => flags.HasFlag(usage.Flag)).Select(usage => usage.Text));
    }

    private static string AuthorityKey(byte[] value) =>
        new X509AuthorityKeyIdentifierExtension(value).KeyIdentifier is { } identifier ? $"keyid:{CertificateText.Colons(identifier.Span)}" : "(issuer and serial)";

    private static string AlternativeNames(byte[] value)
    {
        var (names, others) = GeneralNames.Decode(value);
        return string.Join(", ", names.Select(name => name.ToString()).Concat(Enumerable.Repeat("othername:<unsupported>", others)));
    }

    private static IEnumerable<string> Uris(byte[] value)
    {
        for (var points = Reader(value).ReadSequence(); points.HasData;)
        {
            var point = points.ReadSequence();
            if (!point.HasData || !point.PeekTag().HasSameClassAndValue(Context0)) continue;
            var name = point.ReadSequence(Context0);
            if (!name.PeekTag().HasSameClassAndValue(Context0)) continue;
            for (var fullName = name.ReadSequence(Context0); fullName.HasData;)
            {
                if (fullName.PeekTag().HasSameClassAndValue(Context6)) yield return fullName.ReadCharacterString(UniversalTagNumber.IA5String, Context6);
                else fullName.ReadEncodedValue();
            }
        }
    }

    private static IEnumerable<string> Accesses(byte[] value)
    {
        for (var accesses = Reader(value).ReadSequence(); accesses.HasData;)
        {
            var access = accesses.ReadSequence();
            var method = access.ReadObjectIdentifier() switch
            {
                CertificateExtensions.OcspOid => "OCSP",
                CertificateExtensions.CaIssuersOid => "CA Issuers",
                var oid => oid,
            };
            if (access.PeekTag().HasSameClassAndValue(Context6)) yield return $"{method} - URI:{access.ReadCharacterString(UniversalTagNumber.IA5String, Context6)}";
        }
    }

    private static IEnumerable<string> Oids(byte[] value)
    {
        for (var oids = Reader(value).ReadSequence(); oids.HasData;) yield return oids.ReadObjectIdentifier();
    }

    private static IEnumerable<string> Policies(byte[] value)
    {
        for (var policies = Reader(value).ReadSequence(); policies.HasData;) yield return policies.ReadSequence().ReadObjectIdentifier();
    }
}

using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>The certificate of a tls-alpn-01 challenge (RFC 8737 3, RFC 8738 6).</summary>
internal static class ChallengeCertificate
{
    private const string AcmeIdentifierOid = "1.3.6.1.5.5.7.1.31";
    private const string AlternativeNamesOid = "2.5.29.17";

    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag IpAddress = new(TagClass.ContextSpecific, 7);

    /// <summary>Null for the right certificate, or a clause that says what is wrong.</summary>
    public static string? FindObjection(byte[] encoded, AcmeIdentifier identifier, string keyAuthorization)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(encoded);
            if (!certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)) return "it is not self-signed";
            return FindNameObjection(certificate, identifier) ?? FindDigestObjection(certificate, keyAuthorization);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return "it cannot be read";
        }
    }

    /// <summary>A subjectAltName extension with the identifier and no other entry.</summary>
    private static string? FindNameObjection(X509Certificate2 certificate, AcmeIdentifier identifier)
    {
        if (Single(certificate, AlternativeNamesOid) is not { } extension) return "it has no subjectAltName extension, or several";
        var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
        var names = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        if (!names.HasData) return "its subjectAltName extension is empty";

        var isRight = identifier.Type switch
        {
            AcmeIdentifierType.Dns => IsDnsName(names, identifier.Value),
            AcmeIdentifierType.Ip => IsAddress(names, IPAddress.Parse(identifier.Value)),
        };
        if (!isRight) return $"its subjectAltName is not {identifier.Value}";
        return names.HasData ? $"its subjectAltName holds more than {identifier.Value}" : null;
    }

    /// <summary>The comparison MUST be case insensitive.</summary>
    private static bool IsDnsName(AsnReader names, string expected) =>
        names.PeekTag() == DnsName && string.Equals(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsName), expected, StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(AsnReader names, IPAddress expected) =>
        names.PeekTag() == IpAddress && names.ReadOctetString(IpAddress).AsSpan().SequenceEqual(expected.GetAddressBytes());

    /// <summary>A critical acmeIdentifier extension: an OCTET STRING with the SHA-256 of the key authorization.</summary>
    private static string? FindDigestObjection(X509Certificate2 certificate, string keyAuthorization)
    {
        if (Single(certificate, AcmeIdentifierOid) is not { } extension) return "it has no acmeIdentifier extension, or several";
        if (!extension.Critical) return "its acmeIdentifier extension is not critical";
        var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
        var digest = reader.ReadOctetString();
        reader.ThrowIfNotEmpty();
        return digest.AsSpan().SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(keyAuthorization))) ? null : "its acmeIdentifier is of another key authorization";
    }

    private static X509Extension? Single(X509Certificate2 certificate, string oid)
    {
        X509Extension[] found = [.. certificate.Extensions.Where(extension => extension.Oid?.Value == oid)];
        return found is [var only] ? only : null;
    }
}

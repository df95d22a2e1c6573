using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StarPortal.Core.Authority;

/// <summary>
/// Reads the to-be-signed certificate back, as a client would, and checks it against RFC 5280 and against what the house promises.
/// It shares no code with the writer, so that a mistake there is found here, before anything is signed.
/// </summary>
internal static class CertificateLinter
{
    private static readonly byte[] MyProxyCut = Encoding.ASCII.GetBytes(NameRules.LettersThatBreakMyProxy);

    public static IEnumerable<Finding> Find(byte[] encoded, IssuanceProfile profile, Issuer issuer, DateTimeOffset wantedNotAfter, bool isShortTerm = false)
    {
        ReadCertificate read;
        try
        {
            read = CertificateReader.ReadToBeSigned(encoded);
        }
        catch (AsnContentException error)
        {
            return [profile.Find(FindingCodes.CertificateProfile, $"The certificate would not be DER: {error.Message}")];
        }

        List<Finding> findings = [.. Rules(read, issuer, isShortTerm).Where(rule => !rule.Holds).Select(rule => profile.Find(FindingCodes.CertificateProfile, $"{rule.Text} ({rule.Source})."))];
        findings.AddRange(FindInValidity(read, profile, issuer, wantedNotAfter));
        if (profile.Issuer == Issuers.People && encoded.AsSpan().IndexOf(MyProxyCut) >= 0)
            findings.Add(profile.Find(FindingCodes.CertificateMyProxy, $"The certificate would contain the letters {NameRules.LettersThatBreakMyProxy}, at which MyProxy clients cut it off.", "FullName"));
        return findings;
    }

    private static IEnumerable<(bool Holds, string Text, string Source)> Rules(ReadCertificate read, Issuer issuer, bool isShortTerm)
    {
        var basic = read.Find(CertificateExtensions.BasicConstraintsOid);
        var usage = read.Find(CertificateExtensions.KeyUsageOid);
        var names = read.Find(CertificateExtensions.SubjectAlternativeNameOid);
        yield return (read.Version == 3, "The version is not 3", "RFC 5280 4.1.2.1");
        yield return (read.SerialNumber is [< 0x80, ..] and { Length: >= 9 and <= 20 }, "The serial number is not a positive one of 64 bits to 20 octets", "RFC 5280 4.1.2.2");
        yield return (read.Issuer.Encoded.AsSpan().SequenceEqual(issuer.Subject), "The issuer's name differs from its certificate's", "RFC 5280 4.1.2.4");
        yield return (read.Extensions.Select(extension => extension.Oid).Distinct(StringComparer.Ordinal).Count() == read.Extensions.Count, "An extension stands twice", "RFC 5280 4.2");
        yield return (read.Subject.IsEmpty ? names is { Critical: true } : names is not { Critical: true }, "subjectAltName is critical if and only if the subject is empty", "RFC 5280 4.2.1.6");
        yield return (basic is { Critical: true, Value: [0x30, 0x00] }, "basicConstraints does not say, critically, that this is no CA", "RFC 5280 4.2.1.9");
        yield return (usage is { Critical: true } && !AllowsCaUse(usage), "keyUsage is not critical, is empty or holds a CA's usage", "RFC 5280 4.2.1.3");
        yield return (IsSha256KeyIdentifier(read), "subjectKeyIdentifier does not name the key", "RFC 5280 4.2.1.2, RFC 7093 2");
        yield return (NamesIssuer(read, issuer), "authorityKeyIdentifier does not name the issuer's key", "RFC 5280 4.2.1.1");
        yield return (HasHttpPointer(read, CertificateExtensions.AuthorityInfoAccessOid), "The issuer's certificate is not named by an http URL", "RFC 5280 4.2.2.1");
        if (isShortTerm)
        {
            yield return (read.Find(CertificateExtensions.NoRevocationOid) is { Critical: false, Value: [0x05, 0x00] }, "It does not say that it cannot be revoked", "RFC 9608 2");
            yield return (read.Find(CertificateExtensions.CrlDistributionPointsOid) is null && !NamesResponder(read), "It cannot be revoked and yet names a CRL or an OCSP responder", "RFC 9608 3");
        }
        else
        {
            yield return (HasHttpPointer(read, CertificateExtensions.CrlDistributionPointsOid), "No CRL is named by an http URL", "RFC 5280 4.2.1.13");
            yield return (NamesResponder(read), "No OCSP responder is named by an http URL", "RFC 5280 4.2.2.1");
        }

        yield return (KeyKindFits(read, usage), "An EC key cannot encipher, an RSA key cannot agree", "RFC 5480 3, RFC 3279 2.3.1");
    }

    private static IEnumerable<Finding> FindInValidity(ReadCertificate read, IssuanceProfile profile, Issuer issuer, DateTimeOffset wantedNotAfter)
    {
        if (read.NotAfter <= read.NotBefore || read.NotAfter > issuer.NotAfter)
            yield return profile.Find(FindingCodes.CertificateValidity, $"The certificate authority itself ends on {issuer.NotAfter:yyyy-MM-dd}: nothing can be issued any more.");
        else if (read.NotAfter < wantedNotAfter.AddSeconds(-1))
            yield return profile.Find(FindingCodes.CertificateShortened, $"The certificate ends on {read.NotAfter:yyyy-MM-dd}, earlier than usual, because the certificate authority ends then.");
    }

    private static bool AllowsCaUse(CertificateExtension usage)
    {
        var flags = new X509KeyUsageExtension(new AsnEncodedData(usage.Oid, usage.Value), usage.Critical).KeyUsages;
        return flags is X509KeyUsageFlags.None || (flags & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) is not X509KeyUsageFlags.None;
    }

    private static bool KeyKindFits(ReadCertificate read, CertificateExtension? usage)
    {
        if (usage is null) return false;
        var flags = new X509KeyUsageExtension(new AsnEncodedData(usage.Oid, usage.Value), usage.Critical).KeyUsages;
        return PublicKeyFacts.Parse(read.PublicKeyInfo).Kind switch
        {
            KeyKind.Rsa => (flags & X509KeyUsageFlags.KeyAgreement) is X509KeyUsageFlags.None,
            KeyKind.Ec => (flags & (X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment)) is X509KeyUsageFlags.None,
        };
    }

    private static bool IsSha256KeyIdentifier(ReadCertificate read) =>
        read.Find(CertificateExtensions.SubjectKeyIdentifierOid) is { Critical: false } extension
        && new X509SubjectKeyIdentifierExtension(new AsnEncodedData(extension.Oid, extension.Value), critical: false).SubjectKeyIdentifierBytes.Span
            .SequenceEqual(CertificateExtensions.KeyIdentifierOf(read.PublicKeyInfo));

    private static bool NamesIssuer(ReadCertificate read, Issuer issuer) =>
        read.Find(CertificateExtensions.AuthorityKeyIdentifierOid) is { Critical: false } extension
        && new X509AuthorityKeyIdentifierExtension(extension.Value).KeyIdentifier is { } identifier && identifier.Span.SequenceEqual(issuer.KeyIdentifier);

    private static bool NamesResponder(ReadCertificate read) =>
        read.Find(CertificateExtensions.AuthorityInfoAccessOid) is { } extension && new X509AuthorityInformationAccessExtension(extension.Value).EnumerateOcspUris().Any();

    private static bool HasHttpPointer(ReadCertificate read, string oid) =>
        read.Find(oid) is { Critical: false } extension && Encoding.ASCII.GetString(extension.Value).Contains("http://", StringComparison.Ordinal);
}

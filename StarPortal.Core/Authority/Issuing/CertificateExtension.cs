using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>One extension, ready to be written.</summary>
internal sealed record CertificateExtension(string Oid, bool Critical, byte[] Value);

/// <summary>The extensions that we write (RFC 5280 4.2), each with the criticality that the RFC asks for.</summary>
internal static class CertificateExtensions
{
    public const string SubjectKeyIdentifierOid = "2.5.29.14";
    public const string KeyUsageOid = "2.5.29.15";
    public const string SubjectAlternativeNameOid = "2.5.29.17";
    public const string BasicConstraintsOid = "2.5.29.19";
    public const string CrlDistributionPointsOid = "2.5.29.31";
    public const string CertificatePoliciesOid = "2.5.29.32";
    public const string AuthorityKeyIdentifierOid = "2.5.29.35";
    public const string ExtendedKeyUsageOid = "2.5.29.37";
    public const string AuthorityInfoAccessOid = "1.3.6.1.5.5.7.1.1";
    public const string NoRevocationOid = "2.5.29.56";
    public const string OcspNoCheckOid = "1.3.6.1.5.5.7.48.1.5";
    public const string OcspOid = "1.3.6.1.5.5.7.48.1";
    public const string CaIssuersOid = "1.3.6.1.5.5.7.48.2";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context6 = new(TagClass.ContextSpecific, 6);

    public static readonly CertificateExtension EndEntity = new(BasicConstraintsOid, true, Write(writer => writer.PushSequence().Dispose()));

    public static readonly CertificateExtension OcspNoCheck = new(OcspNoCheckOid, false, Write(writer => writer.WriteNull()));

    /// <summary>noRevAvail (RFC 9608 2): not critical, NULL.</summary>
    public static readonly CertificateExtension NoRevocation = new(NoRevocationOid, false, Write(writer => writer.WriteNull()));

    public static CertificateExtension Authority(int? pathLength) => new(BasicConstraintsOid, true, Write(writer =>
    {
        using var sequence = writer.PushSequence();
        writer.WriteBoolean(true);
        if (pathLength is { } length) writer.WriteInteger(length);
    }));

    public static CertificateExtension KeyUsage(X509KeyUsageFlags usages) =>
        new(KeyUsageOid, true, new X509KeyUsageExtension(usages, critical: true).RawData);

    public static CertificateExtension ExtendedKeyUsage(IEnumerable<string> oids) => new(ExtendedKeyUsageOid, false, Write(writer =>
    {
        using var sequence = writer.PushSequence();
        foreach (var oid in oids) writer.WriteObjectIdentifier(oid);
    }));

    /// <summary>RFC 7093 2, method 1: the leftmost 160 bits of the SHA-256 of the key.</summary>
    public static byte[] KeyIdentifierOf(ReadOnlyMemory<byte> publicKeyInfo)
    {
        var info = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        info.ReadSequence();
        return SHA256.HashData(info.ReadBitString(out _))[..20];
    }

    public static CertificateExtension SubjectKeyIdentifier(byte[] identifier) =>
        new(SubjectKeyIdentifierOid, false, Write(writer => writer.WriteOctetString(identifier)));

    public static CertificateExtension AuthorityKeyIdentifier(byte[] identifier) => new(AuthorityKeyIdentifierOid, false, Write(writer =>
    {
        using var sequence = writer.PushSequence();
        writer.WriteOctetString(identifier, Context0);
    }));

    /// <summary>RFC 5280 4.2.1.6: critical if and only if the subject is empty.</summary>
    public static CertificateExtension SubjectAlternativeNames(IEnumerable<SubjectAlternativeName> names, bool subjectIsEmpty) =>
        new(SubjectAlternativeNameOid, subjectIsEmpty, GeneralNames.Encode(names));

    public static CertificateExtension CrlDistributionPoint(string uri) => new(CrlDistributionPointsOid, false, Write(writer =>
    {
        using var points = writer.PushSequence();
        using var point = writer.PushSequence();
        using var name = writer.PushSequence(Context0);
        using var fullName = writer.PushSequence(Context0);
        writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, Context6);
    }));

    /// <param name="ocsp">Null: no responder is named.</param>
    public static CertificateExtension AuthorityInfoAccess(string? ocsp, string issuerCertificate) => new(AuthorityInfoAccessOid, false, Write(writer =>
    {
        using var sequence = writer.PushSequence();
        foreach (var (method, uri) in new[] { (OcspOid, ocsp), (CaIssuersOid, issuerCertificate) })
        {
            if (uri is null) continue;
            using var description = writer.PushSequence();
            writer.WriteObjectIdentifier(method);
            writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, Context6);
        }
    }));

    public static CertificateExtension CertificatePolicy(string oid) => new(CertificatePoliciesOid, false, Write(writer =>
    {
        using var policies = writer.PushSequence();
        using var policy = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
    }));

    private static byte[] Write(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}

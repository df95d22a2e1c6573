using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Certificates as clients of tls-alpn-01 make them (RFC 8737 3), right by default; a test breaks one thing.</summary>
internal static class ChallengeCertificates
{
    public static X509Certificate2 Make(string name, Action<CertificateRequest>? extend = null, Action<SubjectAlternativeNameBuilder>? names = null, bool hasNames = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ACME Challenge", key, HashAlgorithmName.SHA256);
        var builder = new SubjectAlternativeNameBuilder();
        if (names is not null) names(builder);
        else if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
        else builder.AddDnsName(name);
        if (hasNames) request.CertificateExtensions.Add(builder.Build());
        extend?.Invoke(request);
        using var certificate = request.CreateSelfSigned(TestClock.ProcessStart.AddDays(-1), TestClock.ProcessStart.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public static X509Extension Identifier(string keyAuthorization, bool isCritical = true) => Identifier(SHA256.HashData(Encoding.UTF8.GetBytes(keyAuthorization)), isCritical);

    public static X509Extension Identifier(byte[] digest, bool isCritical = true)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(digest);
        return Raw(writer.Encode(), isCritical);
    }

    public static X509Extension Raw(byte[] value, bool isCritical = true) => new("1.3.6.1.5.5.7.1.31", value, isCritical);

    /// <summary>"Fetch my issuer's certificate there."</summary>
    public static X509Extension IssuerAt(string url) => new X509AuthorityInformationAccessExtension([], [url]);
}

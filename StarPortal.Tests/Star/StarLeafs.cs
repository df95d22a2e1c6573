using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Tests.Star;

/// <summary>A small CA: chains for a key and a life, in PEM.</summary>
internal sealed class StarLeafs : IDisposable
{
    private readonly ECDsa issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly X509Certificate2 issuer;

    public StarLeafs()
    {
        var request = new CertificateRequest("CN=Test issuer", issuerKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        issuer = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    public string IssuerPem => issuer.ExportCertificatePem() + "\n";

    public string Chain(ECDsa key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var leaf = Leaf(key, notBefore, notAfter);
        return leaf.ExportCertificatePem() + "\n" + IssuerPem;
    }

    public X509Certificate2 Leaf(ECDsa key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.Create(issuer, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
    }

    public void Dispose()
    {
        issuer.Dispose();
        issuerKey.Dispose();
    }
}

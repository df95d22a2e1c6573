using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>A certificate that a CA issued, where a self-signed one is asked for.</summary>
internal sealed class TestChain : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Issued(string name, X509Extension extension)
    {
        var authority = new CertificateRequest("CN=Some CA", key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = authority.CreateSelfSigned(TestClock.ProcessStart.AddDays(-2), TestClock.ProcessStart.AddDays(2));

        var request = new CertificateRequest("CN=ACME Challenge", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(extension);
        using var certificate = request.Create(issuer, TestClock.ProcessStart.AddDays(-1), TestClock.ProcessStart.AddDays(1), [1, 2, 3]);
        return certificate.RawData;
    }

    public void Dispose() => key.Dispose();
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A root that certifies what signing requests ask for, or something else.</summary>
internal sealed class SmallCa : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root;

    public SmallCa()
    {
        var request = new CertificateRequest("CN=Small root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        root = request.CreateSelfSigned(Now.AddDays(-1), Now.AddYears(1));
    }

    public static DateTimeOffset Now => TestClock.ProcessStart;

    public string RootPem => root.ExportCertificatePem() + "\n";

    public string Certify(byte[] csr) => Certify(Read(csr), -1, 6 * 24);

    /// <param name="from">Hours from now.</param>
    /// <param name="to">Hours from now.</param>
    public string Certify(CertificateRequest request, double from, double to)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        using var leaf = request.Create(root, Now.AddHours(from), Now.AddHours(to), RandomNumberGenerator.GetBytes(16));
        return leaf.ExportCertificatePem() + "\n" + RootPem;
    }

    /// <summary>A request as it was signed, names and all.</summary>
    public static CertificateRequest Read(byte[] csr) => CertificateRequest.LoadSigningRequest(csr, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);

    public void Dispose()
    {
        root.Dispose();
        key.Dispose();
    }
}

using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.MyProxy;

/// <summary>Until when a certificate is good.</summary>
internal static class CertificateEnd
{
    public static DateTimeOffset Of(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        return new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
    }
}

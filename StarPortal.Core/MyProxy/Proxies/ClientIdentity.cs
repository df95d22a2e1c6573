using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;

namespace StarPortal.Core.MyProxy;

public static class ClientIdentity
{
    public static MyProxyClient Of(IReadOnlyList<byte[]> peerChainLeafFirst, string? address)
    {
        foreach (var der in peerChainLeafFirst)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.Extensions["1.3.6.1.5.5.7.1.14"] is not null) continue;
            return new MyProxyClient(DistinguishedName.Decode(certificate.SubjectName.RawData).ToOneLine(), false, address);
        }

        return new MyProxyClient(null, false, address);
    }
}

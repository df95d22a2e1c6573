using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>The CAs above the certificates of the inventory, whoever signed them.</summary>
public sealed class CertificateChains(Issuers issuers, ExternalAuthority external)
{
    /// <summary>The nearest first, the root last: what a client sends or installs besides its own certificate.</summary>
    public IReadOnlyList<X509Certificate2> Above(IssuedCertificate certificate) =>
        certificate.Issuer == Issuers.External ? external.ChainOf(certificate.Der) : issuers.ChainOf(certificate.Issuer);
}

using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>What a TLS listener needs.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Chain">The issuing CA and the root.</param>
/// <param name="Context">Certificate and issuing CA, ready for SslStream and Kestrel; nothing is fetched from anywhere.</param>
public sealed record TlsCertificate(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Chain, SslStreamCertificateContext Context)
{
    internal DateTimeOffset NotBefore => new(Certificate.NotBefore.ToUniversalTime());

    internal DateTimeOffset NotAfter => new(Certificate.NotAfter.ToUniversalTime());
}

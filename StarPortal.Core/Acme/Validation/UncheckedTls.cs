using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Acme;

/// <summary>
/// TLS to a server whose certificate nobody vouches for, which is the normal case before it has one: by RFC 8555 8.3 redirects to https are
/// followed all the same, and RFC 8737 looks into the certificate instead. Nothing named in the certificate is fetched (AIA, CRL, OCSP):
/// it would be a request to an address of the server's choice, past the guard.
/// </summary>
internal static class UncheckedTls
{
    public static SslClientAuthenticationOptions OptionsFor(string serverName) => new()
    {
        TargetHost = serverName,
#pragma warning disable CA5398, CA5359, MA0039 // RFC 8737 4: TLS 1.2 or higher. Any certificate is taken: see above.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5398, CA5359, MA0039
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        },
    };
}

using System.Net.Security;
using System.Security.Authentication;
using StarPortal.Core.Authority;

namespace StarPortal.Web.Hosting;

/// <summary>What a TLS handshake offers: asked at every connection, so that a renewed certificate is in use from the next one on.</summary>
internal sealed class HostTls(HostCertificates certificates)
{
    private volatile SslServerAuthenticationOptions? current;
    private volatile SslServerAuthenticationOptions? currentWithClient;

    /// <exception cref="InvalidOperationException">The certificate was not loaded before listening.</exception>
    public SslServerAuthenticationOptions Current
    {
        get
        {
            var certificate = certificates.Current ?? throw new InvalidOperationException("The host certificate is loaded before anything listens.");
            return current is { } options && options.ServerCertificateContext == certificate.Context ? options : current = OptionsFor(certificate);
        }
    }

    /// <summary>
    /// Asks for a client certificate. The handshake proves that the client has its key; whose key it is the door looks up, so that any certificate may come, also
    /// of a CA that nobody knows.
    /// </summary>
    public SslServerAuthenticationOptions CurrentWithClient
    {
        get
        {
            var plain = Current;
            if (currentWithClient is { } known && known.ServerCertificateContext == plain.ServerCertificateContext) return known;
            var options = OptionsFor(certificates.Current!);
            options.ClientCertificateRequired = true;
#pragma warning disable CA5359 // A certificate is a name for its key here: ConsumerAuthentication knows the key or nobody does.
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
#pragma warning restore CA5359
            return currentWithClient = options;
        }
    }

    private static SslServerAuthenticationOptions OptionsFor(TlsCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Context,
#pragma warning disable CA5398 // TLS 1.2 and 1.3 are what we promise, whatever the system would allow besides.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };
}

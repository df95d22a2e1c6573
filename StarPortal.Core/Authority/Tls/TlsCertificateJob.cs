using StarPortal.Core.Jobs;

namespace StarPortal.Core.Authority;

/// <summary>Renews the certificate of our own HTTPS before it ends.</summary>
public sealed class TlsCertificateJob(HostCertificates certificates) : IPortalJob
{
    public string Name => "tls-certificate";

    public async Task<string> RunAsync(CancellationToken ct) =>
        await certificates.RenewDueAsync(ct) ? "renewed" : "not due";
}

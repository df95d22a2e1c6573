using System.Globalization;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Authority;

/// <summary>Signs the CRLs and renews the OCSP signers that are due.</summary>
public sealed class CrlJob(CrlPublisher publisher, OcspSigners signers) : IPortalJob
{
    public string Name => "crl";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var published = await publisher.PublishDueAsync(ct);
        var renewed = await signers.RenewDueAsync(ct);
        return string.Create(CultureInfo.InvariantCulture, $"{published} CRLs signed, {renewed} OCSP signers renewed");
    }
}

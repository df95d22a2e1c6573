using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What the MyProxy listener shows.</summary>
/// <param name="Chain">DER, leaf first and with the root: <c>myproxy-logon -b</c> takes its trust from the chain.</param>
/// <param name="PrivateKey">PKCS#8, in the clear.</param>
/// <param name="Version">Another value whenever the certificate is another.</param>
public sealed record HostIdentityMaterial(IReadOnlyList<byte[]> Chain, byte[] PrivateKey, string Version);

/// <summary>
/// The host certificate of the MyProxy listener: RSA, since old grid clients know no other key, and with the public host's name as dNSName, which GSI's strict check asks for.
/// All nodes of one name share it; it is renewed as the portal's own HTTPS certificate is.
/// </summary>
public sealed class HostIdentity(HostCertificates certificates, IOptions<PortalOptions> portal)
{
    private volatile HostIdentityMaterial? material;

    /// <summary>The names that clients may call the server by.</summary>
    internal static IReadOnlyList<string> NamesFor(PortalOptions portal) =>
        [.. new[] { portal.BaseUrl.IdnHost.ToLowerInvariant().Trim('[', ']'), "localhost" }.Distinct(StringComparer.Ordinal)];

    /// <summary>From memory, but for the first time and when the certificate was renewed.</summary>
    public async Task<HostIdentityMaterial> GetAsync(CancellationToken ct)
    {
        var current = await certificates.GetOrIssueAsync(IssuanceProfiles.GridHost, NamesFor(portal.Value), ct);
        var version = current.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        return material is { } known && known.Version == version ? known : material = Export(current, version);
    }

    private static HostIdentityMaterial Export(TlsCertificate current, string version)
    {
        using var key = current.Certificate.GetRSAPrivateKey() ?? throw new InvalidOperationException("The profile grid-host makes RSA keys.");
        return new HostIdentityMaterial([current.Certificate.RawData, .. current.Chain.Select(above => above.RawData)], key.ExportPkcs8PrivateKey(), version);
    }
}

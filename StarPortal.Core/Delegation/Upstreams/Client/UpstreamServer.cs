using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Delegation;

/// <summary>Another CA's ACME server, as an administrator configured it.</summary>
/// <param name="Directory">Its directory (RFC 8555 7.1.1).</param>
public sealed record UpstreamServer(Uri Directory)
{
    /// <summary>PEM of the roots that its TLS certificate has to lead to, instead of the system's; null: the system's.</summary>
    public string? RootsPem { get; init; }

    /// <summary>Whether its answers may name URLs of other hosts; those are connected to only where the address guard lets validations connect.</summary>
    public bool AllowsOtherHosts { get; init; }

    /// <summary>Plain HTTP too. For tests.</summary>
    public bool AllowsPlainHttp { get; init; }

    public UpstreamLimits Limits { get; init; } = new();

    /// <summary>Null: those of the system.</summary>
    /// <exception cref="CryptographicException">Not PEM.</exception>
    internal X509Certificate2Collection? ReadRoots()
    {
        if (RootsPem is null) return null;
        X509Certificate2Collection roots = [];
        roots.ImportFromPem(RootsPem);
        return roots.Count > 0 ? roots : throw new CryptographicException("The roots hold no certificate.");
    }
}

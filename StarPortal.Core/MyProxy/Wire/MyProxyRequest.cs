using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>A request as it was parsed. Disposing wipes the passphrases.</summary>
public sealed record MyProxyRequest : IDisposable
{
    public required MyProxyCommand Command { get; init; }

    /// <summary>Empty only for <see cref="MyProxyCommand.GetTrustRoots"/>.</summary>
    public string UserName { get; init; } = "";

    /// <summary>UTF-8; empty when none was given.</summary>
    public byte[] Passphrase { get; init; } = [];

    /// <summary>UTF-8; empty when none was given.</summary>
    public byte[] NewPassphrase { get; init; } = [];

    /// <summary>Null: as long as is allowed.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Empty: the person's unnamed credential.</summary>
    public string CredentialName { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>Per-credential policies: patterns of names, see <c>NamePattern</c>; null: the server's default.</summary>
    public CredentialPolicies Policies { get; init; } = CredentialPolicies.None;

    public bool WantsTrustRoots { get; init; }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Passphrase);
        CryptographicOperations.ZeroMemory(NewPassphrase);
    }
}

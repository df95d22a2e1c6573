using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>A stored credential whose key is open, in memory only and for as long as one proxy certificate takes.</summary>
/// <param name="Id">The row it comes from.</param>
/// <param name="UserName">MyProxy user name.</param>
/// <param name="Key">RSA or ECDSA.</param>
/// <param name="Chain">DER, leaf (the signer of the next proxy) first, without the root.</param>
/// <param name="MaxLifetime">The cap kept with the credential; null: none.</param>
public sealed record UnlockedCredential(Guid Id, string UserName, AsymmetricAlgorithm Key, IReadOnlyList<byte[]> Chain, TimeSpan? MaxLifetime) : IDisposable
{
    /// <summary>The row as it was read: what its use is written to.</summary>
    internal StoredCredential? Row { get; init; }

    internal static UnlockedCredential Of(StoredCredential row, AsymmetricAlgorithm key) => new(row.Id, row.UserName, key, CredentialChain.Split(row.Chain), row.MaxLifetime) { Row = row };

    public void Dispose() => Key.Dispose();
}

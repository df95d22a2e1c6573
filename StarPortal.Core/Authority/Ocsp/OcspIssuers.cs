using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>Finds our CA by the hashes that a question names it with: SHA-1 (what nearly all clients send) and the SHA-2 family.</summary>
public sealed class OcspIssuers(Issuers issuers)
{
    private readonly ConcurrentDictionary<(string Issuer, string HashOid), (byte[] Name, byte[] Key)> hashes = [];

    /// <summary>Whose signer says "unknown" about certificates of strangers: the one whose signatures cost least.</summary>
    internal Issuer Default => issuers.Get(Issuers.Servers);

    internal Issuer? Find(OcspCertId certId) => issuers.All.FirstOrDefault(issuer => HashesOf(issuer, certId.HashOid) is { } known
        && known.Name.AsSpan().SequenceEqual(certId.IssuerNameHash) && known.Key.AsSpan().SequenceEqual(certId.IssuerKeyHash));

    private (byte[] Name, byte[] Key)? HashesOf(Issuer issuer, string hashOid)
    {
        if (HashFor(hashOid) is not { } hash) return null;
        return hashes.GetOrAdd((issuer.Name, hashOid), _ => (hash(issuer.Subject), hash(OcspResponseWriter.KeyBits(issuer.PublicKeyInfo))));
    }

#pragma warning disable CA5350 // RFC 6960 4.1.1: the hash only names the issuer.
    private static Func<byte[], byte[]>? HashFor(string oid) => oid switch
    {
        "1.3.14.3.2.26" => SHA1.HashData,
        "2.16.840.1.101.3.4.2.1" => SHA256.HashData,
        "2.16.840.1.101.3.4.2.2" => SHA384.HashData,
        "2.16.840.1.101.3.4.2.3" => SHA512.HashData,
        _ => null,
    };
#pragma warning restore CA5350
}

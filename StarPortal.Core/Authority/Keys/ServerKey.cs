using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// The 32-byte key under which everything secret is kept: CA keys, stored credentials, the key ring of cookies and tokens. It comes
/// from a file of mode 0600 (made at first use), from an environment variable or from a mounted secret. Each purpose has a key of its
/// own, derived by HKDF, so that what was sealed for one purpose does not open for another.
/// </summary>
public sealed class ServerKey(IOptions<AuthorityOptions> options, IOptions<PortalOptions> portal)
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>First octet of an envelope; a later format gets another.</summary>
    private const byte Version = 1;

    private readonly Lazy<byte[]> key = new(() => ServerKeySource.Read(options.Value, portal.Value));

    /// <summary>AES-256-GCM: version, nonce, tag, ciphertext. The purpose is authenticated with it.</summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> plain)
    {
        var envelope = new byte[1 + NonceSize + TagSize + plain.Length];
        envelope[0] = Version;
        var nonce = envelope.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(Derive($"seal/{purpose}"), TagSize);
        cipher.Encrypt(nonce, plain, envelope.AsSpan(1 + NonceSize + TagSize), envelope.AsSpan(1 + NonceSize, TagSize));
        return envelope;
    }

    /// <exception cref="CryptographicException">Sealed by another server key or for another purpose, or damaged.</exception>
    public byte[] Open(string purpose, ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < 1 + NonceSize + TagSize || envelope[0] != Version) throw new CryptographicException("Not an envelope of this server key.");
        var plain = new byte[envelope.Length - 1 - NonceSize - TagSize];
        using var cipher = new AesGcm(Derive($"seal/{purpose}"), TagSize);
        cipher.Decrypt(envelope.Slice(1, NonceSize), envelope[(1 + NonceSize + TagSize)..], envelope.Slice(1 + NonceSize, TagSize), plain);
        return plain;
    }

    /// <summary>HMAC-SHA-256: what nobody else can compute and this server can compute again. 32 octets.</summary>
    public byte[] Authenticate(string purpose, ReadOnlySpan<byte> data) => HMACSHA256.HashData(Derive($"mac/{purpose}"), data);

    /// <summary>A passphrase of 256 bits, in hex: for PKCS#8 files, which standard tools then open as well.</summary>
    internal string PassphraseFor(string purpose) => Convert.ToHexStringLower(Derive($"passphrase/{purpose}"));

    private byte[] Derive(string info) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Value, KeySize, info: Encoding.UTF8.GetBytes($"StarPortal/{info}"));
}

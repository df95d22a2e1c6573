using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.Shared;

/// <summary>Random identifiers and bearer tokens. Nothing else in the product makes randomness that has to be unguessable.</summary>
public static class SecureTokens
{
    /// <summary>An identifier of 128 random bits (not a version 4 UUID, which has 122).</summary>
    public static Guid NewId() => new(RandomNumberGenerator.GetBytes(16));

    /// <summary>A bearer token of 256 random bits in base64url: 43 characters. Store <see cref="Hash"/> of it, never the token.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 of a token in lower-case hex: what the database holds instead of the token.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>RFC 8945 6: the two that need no excuse.</summary>
public enum TsigAlgorithm
{
    HmacSha256,
    HmacSha512,
}

/// <summary>A key that the portal shares with a DNS server.</summary>
public sealed record TsigKey(DnsName Name, TsigAlgorithm Algorithm, byte[] Secret)
{
    /// <summary>As it is named on the wire.</summary>
    internal DnsName AlgorithmName => DnsName.Parse(TokenOf(Algorithm));

    /// <param name="name">A domain name.</param>
    /// <param name="algorithm"><c>hmac-sha256</c> or <c>hmac-sha512</c>.</param>
    /// <param name="secret">base64, as BIND's tsig-keygen writes it.</param>
    public static bool TryParse(string name, string algorithm, string secret, [NotNullWhen(true)] out TsigKey? key)
    {
        key = null;
        foreach (var known in Enum.GetValues<TsigAlgorithm>())
        {
            if (!TokenOf(known).Equals(algorithm.Trim(), StringComparison.OrdinalIgnoreCase)) continue;
            try
            {
                key = new TsigKey(DnsName.Parse(name.Trim()), known, Convert.FromBase64String(secret.Trim()));
            }
            catch (Exception error) when (error is DnsFormatException or FormatException)
            {
                return false;
            }
        }

        return key is { Secret.Length: > 0 };
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Name} ({TokenOf(Algorithm)})";

    internal byte[] Mac(ReadOnlySpan<byte> content) => Algorithm switch
    {
        TsigAlgorithm.HmacSha256 => HMACSHA256.HashData(Secret, content),
        TsigAlgorithm.HmacSha512 => HMACSHA512.HashData(Secret, content),
    };

    private static string TokenOf(TsigAlgorithm algorithm) => algorithm switch
    {
        TsigAlgorithm.HmacSha256 => "hmac-sha256",
        TsigAlgorithm.HmacSha512 => "hmac-sha512",
    };
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.Registry;

/// <summary>
/// The header <c>StarPortal-Signature: t=1764250000,v1=…</c>: seconds since 1970, and HMAC-SHA256 in lower-case hex over <c>t.METHOD.path-and-query.</c> and the octets
/// of the body. Who checks it refuses a time that is more than five minutes away, and so what was recorded earlier.
/// </summary>
public static class OutsideSignature
{
    public const string Header = "StarPortal-Signature";

    /// <param name="pathAndQuery">As in the request line.</param>
    public static string Of(byte[] secret, DateTimeOffset at, string method, string pathAndQuery, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.ASCII.GetBytes($"{time}.{method}.{pathAndQuery}."));
        hmac.AppendData(body);
        return $"t={time},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }
}

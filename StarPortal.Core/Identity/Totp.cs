using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StarPortal.Core.Identity;

/// <summary>Time-based one-time passwords, RFC 6238, with what every authenticator app understands: SHA-1, 6 digits, steps of 30 seconds.</summary>
public static class Totp
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Steps before and after now that are accepted: RFC 6238 5.2 recommends one for transmission, a phone's clock may be ahead as well.</summary>
    private const int Tolerance = 1;

    /// <returns>A shared secret of 160 bits (RFC 4226 4, R6) in base 32: 32 characters.</returns>
    public static string NewKey()
    {
        var bytes = RandomNumberGenerator.GetBytes(20);
        return string.Create(32, bytes, (span, source) =>
        {
            for (var index = 0; index < span.Length; index++)
            {
                var bit = index * 5;
                var window = (source[bit / 8] << 8) | (bit / 8 + 1 < source.Length ? source[bit / 8 + 1] : 0);
                span[index] = Base32[(window >> (11 - bit % 8)) & 31];
            }
        });
    }

    /// <returns>The time step that the code belongs to, for <paramref name="lastStep"/> of the next call; null when the code is not right.</returns>
    /// <param name="lastStep">The step of the last code that was accepted: RFC 6238 5.2, a code MUST NOT be accepted twice.</param>
    public static long? Verify(string key, string code, DateTimeOffset now, long lastStep)
    {
        var digits = string.Concat(code.Where(character => !char.IsWhiteSpace(character)));
        if (digits.Length != Digits || !digits.All(char.IsAsciiDigit)) return null;
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        for (var step = current - Tolerance; step <= current + Tolerance; step++)
        {
            if (step > lastStep && CryptographicOperations.FixedTimeEquals(Bytes(digits), Bytes(CodeAt(key, step)))) return step;
        }

        return null;
    }

    /// <summary>The code that an authenticator app shows at <paramref name="now"/>.</summary>
    public static string Code(string key, DateTimeOffset now) => CodeAt(key, now.ToUnixTimeSeconds() / StepSeconds);

    /// <summary>RFC 4226 5.3: HMAC, dynamic truncation, the last six digits.</summary>
#pragma warning disable CA5350 // HMAC-SHA-1 is what the standard and the apps use; its known weaknesses do not concern HMAC.
    private static string CodeAt(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
        HMACSHA1.HashData(Decode(key), counter, hash);
        var truncated = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 15)..]) & 0x7fff_ffff;
        return (truncated % 1_000_000).ToString("D6");
    }
#pragma warning restore CA5350

    private static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        for (int index = 0, buffer = 0, bits = 0, next = 0; index < key.Length; index++)
        {
            buffer = ((buffer << 5) | Base32.IndexOf(key[index], StringComparison.Ordinal)) & 0xffff;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[next++] = (byte)(buffer >> bits);
        }

        return bytes;
    }

    private static byte[] Bytes(string digits) => System.Text.Encoding.ASCII.GetBytes(digits);
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// A certificate's serial number: 128 random bits (RFC 5280 4.1.2.2 allows 20 octets), written as 32 lower-case hex digits.
/// Never zero. Parsed at the door, compared as a value.
/// </summary>
public readonly record struct SerialNumber
{
    /// <summary>Characters of the text form.</summary>
    public const int Length = 32;

    private readonly UInt128 value;

    private SerialNumber(UInt128 value) => this.value = value;

    public static SerialNumber New()
    {
        Span<byte> bytes = stackalloc byte[16];
        do RandomNumberGenerator.Fill(bytes);
        while (bytes.IndexOfAnyExcept((byte)0) < 0);
        return FromBytes(bytes);
    }

    /// <exception cref="ServiceException">NotFound: such a number was never given out.</exception>
    public static SerialNumber Parse(string? text) =>
        TryParse(text, out var serial) ? serial : throw AuthorityErrors.NoSuchCertificate();

    /// <summary>Accepts 1 to 32 hex digits of either case, also with colons between bytes, as tools print them, and with the zero byte that DER puts before a high bit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SerialNumber serial)
    {
        serial = default;
        if (text is null or { Length: > 3 * Length }) return false;
        var digits = text.Replace(":", "", StringComparison.Ordinal);
        if (digits.Length == Length + 2 && digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
        if (digits.Length is 0 or > Length) return false;
        if (!UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value == 0) return false;
        serial = new SerialNumber(value);
        return true;
    }

    /// <summary>From the content octets of a DER INTEGER, big-endian; false when it is not one of ours (zero, negative or longer than 128 bits).</summary>
    public static bool TryFromInteger(ReadOnlySpan<byte> content, out SerialNumber serial)
    {
        serial = default;
        if (content.Length is 0 || (content[0] & 0x80) != 0) return false;
        var digits = content.TrimStart((byte)0);
        if (digits.Length is 0 or > 16) return false;
        serial = FromBytes(digits);
        return true;
    }

    /// <summary>
    /// What a certificate of another CA is found by here. RFC 5280 allows that CA 20 octets: a number that does not fit, or so short that two CAs may both have given it, becomes the
    /// first 128 bits of the SHA-256 of issuer and number.
    /// </summary>
    internal static SerialNumber ForExternal(DistinguishedName issuer, ReadOnlySpan<byte> content) =>
        content.TrimStart((byte)0).Length >= 8 && TryFromInteger(content, out var serial) ? serial : FromBytes(SHA256.HashData([.. issuer.Encoded, .. content]).AsSpan(0, 16));

    /// <summary>16 octets, big-endian.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }

    public override string ToString() => value.ToString("x32", CultureInfo.InvariantCulture);

    private static SerialNumber FromBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        bytes.CopyTo(padded[(16 - bytes.Length)..]);
        return new SerialNumber(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(padded));
    }
}

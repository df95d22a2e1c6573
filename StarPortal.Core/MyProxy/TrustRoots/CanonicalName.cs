using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// OpenSSL's subject hash: what files of a trust directory are called. It is SHA-1 over the RDNs in a canonical form (X509_NAME_hash, <c>openssl x509 -subject_hash</c>):
/// every string as UTF8String, spaces at the ends gone and single within, ASCII letters small.
/// </summary>
public static class CanonicalName
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Utf16 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UTF32Encoding Utf32 = new(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);

    /// <returns>Eight lower-case hex digits.</returns>
    /// <exception cref="AsnContentException">Not a Name, or a string in it is not in its own encoding.</exception>
    public static string HashOf(ReadOnlyMemory<byte> nameDer)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The name of a file.
        SHA1.HashData(Encode(nameDer), digest);
#pragma warning restore CA5350
        return BinaryPrimitives.ReadUInt32LittleEndian(digest).ToString("x8", CultureInfo.InvariantCulture);
    }

    /// <summary>The RDNs one after the other, without the SEQUENCE around them.</summary>
    private static byte[] Encode(ReadOnlyMemory<byte> nameDer)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var attributes = RawName.Read(nameDer);
        for (var index = 0; index < attributes.Count;)
        {
            using var rdn = writer.PushSetOf(); // sorted when it is closed
            do Write(writer, attributes[index++]);
            while (index < attributes.Count && !attributes[index].StartsRdn);
        }

        var encoded = new byte[writer.GetEncodedLength()];
        writer.Encode(encoded);
        return encoded;
    }

    private static void Write(AsnWriter writer, RawAttribute attribute)
    {
        using var pair = writer.PushSequence();
        writer.WriteObjectIdentifier(attribute.Oid);
        if (ToUtf8(attribute) is { } text) writer.WriteCharacterString(UniversalTagNumber.UTF8String, Utf8.GetString(Canonical(text)));
        else WriteAsItIs(writer, attribute);
    }

    private static void WriteAsItIs(AsnWriter writer, RawAttribute attribute)
    {
        var inner = new AsnWriter(AsnEncodingRules.DER);
        inner.WriteOctetString(attribute.Value.Span, new Asn1Tag(attribute.Tag.TagClass is TagClass.Universal ? TagClass.ContextSpecific : attribute.Tag.TagClass, attribute.Tag.TagValue));
        var encoded = inner.Encode();
        if (attribute.Tag.TagClass is TagClass.Universal) encoded[0] = (byte)((encoded[0] & 0x1f) | (attribute.Tag.IsConstructed ? 0x20 : 0));
        writer.WriteEncodedValue(encoded);
    }

    /// <returns>Null for what OpenSSL leaves alone, such as NumericString.</returns>
    private static byte[]? ToUtf8(RawAttribute attribute)
    {
        if (attribute.Tag.TagClass is not TagClass.Universal || attribute.Tag.IsConstructed) return null;
        try
        {
            return (UniversalTagNumber)attribute.Tag.TagValue switch
            {
                UniversalTagNumber.UTF8String => Utf8.GetBytes(Utf8.GetString(attribute.Value.Span)),
                UniversalTagNumber.BMPString => Utf8.GetBytes(Utf16.GetString(attribute.Value.Span)),
                UniversalTagNumber.UniversalString => Utf8.GetBytes(Utf32.GetString(attribute.Value.Span)),
                UniversalTagNumber.PrintableString or UniversalTagNumber.T61String or UniversalTagNumber.IA5String =>
                    Utf8.GetBytes(Encoding.Latin1.GetString(attribute.Value.Span)),
                _ => null,
            };
        }
        catch (ArgumentException error)
        {
            throw new AsnContentException("A string in the name is not in its own encoding.", error);
        }
    }

    private static byte[] Canonical(byte[] text)
    {
        List<byte> canonical = new(text.Length);
        foreach (var octet in text)
        {
            if (!IsSpace(octet)) canonical.Add(octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet);
            else if (canonical is [.., not (byte)' ']) canonical.Add((byte)' ');
        }

        if (canonical is [.., (byte)' ']) canonical.RemoveAt(canonical.Count - 1);
        return [.. canonical];
    }

    private static bool IsSpace(byte octet) => octet is (byte)' ' or (>= 9 and <= 13);
}

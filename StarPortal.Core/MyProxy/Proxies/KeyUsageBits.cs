using System.Formats.Asn1;
using System.Numerics;

namespace StarPortal.Core.MyProxy;

/// <summary>keyUsage (RFC 5280 4.2.1.3): bit 0 of the standard is the highest here.</summary>
internal readonly record struct KeyUsageBits(ushort Bits)
{
    private const ushort DigitalSignature = 0x8000;
    private const ushort NonRepudiation = 0x4000;
    private const ushort KeyCertSign = 0x0400;

    public bool MaySign => (Bits & DigitalSignature) != 0;

    /// <summary>A proxy has no usage that its issuer lacks (RFC 3820 3.6); as in Globus it leaves out the two that concern persons and CAs.</summary>
    public KeyUsageBits ForProxy => new((ushort)(Bits & ~(NonRepudiation | KeyCertSign)));

    /// <exception cref="AsnContentException">Not a named bit list.</exception>
    public static KeyUsageBits Decode(byte[] value)
    {
        var octets = new AsnReader(value, AsnEncodingRules.BER).ReadBitString(out _);
        return new((ushort)(((octets.Length > 0 ? octets[0] : 0) << 8) | (octets.Length > 1 ? octets[1] : 0)));
    }

    /// <summary>DER: without the zero bits at the end (X.690 11.2.2).</summary>
    public byte[] Encode()
    {
        var zeros = Bits == 0 ? 16 : BitOperations.TrailingZeroCount(Bits);
        ReadOnlySpan<byte> octets = [(byte)(Bits >> 8), (byte)Bits];
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteBitString(octets[..((16 - zeros + 7) / 8)], zeros % 8);
        return writer.Encode();
    }
}

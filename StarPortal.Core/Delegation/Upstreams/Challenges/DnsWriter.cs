using System.Buffers;
using System.Buffers.Binary;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Writes the parts of a DNS message (RFC 1035 4.1), names without compression.</summary>
internal sealed class DnsWriter
{
    private readonly ArrayBufferWriter<byte> octets = new();

    public DnsWriter U16(int value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        return Raw(two);
    }

    public DnsWriter U32(long value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, (uint)value);
        return Raw(four);
    }

    /// <summary>RFC 8945 4.2: seconds since 1970.</summary>
    public DnsWriter U48(long value) => U16((int)(value >> 32)).U32(value & 0xFFFF_FFFF);

    /// <exception cref="DnsFormatException">The name holds an escape.</exception>
    public DnsWriter Name(DnsName name)
    {
        Span<byte> buffer = stackalloc byte[DnsName.MaxWireLength];
        return Raw(buffer[..DnsQuery.WriteName(buffer, name)]);
    }

    public DnsWriter Raw(ReadOnlySpan<byte> value)
    {
        octets.Write(value);
        return this;
    }

    public byte[] ToArray() => octets.WrittenSpan.ToArray();
}

using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace StarPortal.Tests.Support;

/// <summary>Writes DNS messages as a server does, well or badly: each part is a method, and any octets can be put in between.</summary>
public sealed class DnsReply
{
    private readonly List<byte> octets = [];

    private readonly byte[] counts = new byte[8];

    /// <param name="flags">0x8180: an answer, recursion desired and available, NOERROR.</param>
    public DnsReply(ushort id, ushort flags = 0x8180)
    {
        U16(id);
        U16(flags);
        octets.AddRange(counts);
    }

    public DnsReply Question(string name, int type)
    {
        Count(0);
        return Name(name).U16(type).U16(1);
    }

    /// <param name="section">1 answer, 2 authority, 3 additional.</param>
    public DnsReply Record(string owner, int type, byte[] data, int section = 1)
    {
        Count(section);
        return Name(owner).U16(type).U16(1).U16(0).U16(60).U16(data.Length).Raw(data);
    }

    /// <summary>A record whose owner is a pointer, by default to the question's name.</summary>
    public DnsReply RecordAt(int type, byte[] data, int nameAt = 12)
    {
        Count(1);
        return U16(0xC000 | nameAt).U16(type).U16(1).U16(0).U16(60).U16(data.Length).Raw(data);
    }

    public DnsReply Name(string name) => Raw(NameOctets(name));

    public DnsReply U16(int value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        octets.AddRange(two);
        return this;
    }

    public DnsReply Raw(byte[] bytes)
    {
        octets.AddRange(bytes);
        return this;
    }

    public DnsReply Count(int section, int by = 1)
    {
        var at = counts.AsSpan(section * 2);
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(at) + by));
        return this;
    }

    public byte[] ToArray()
    {
        var message = octets.ToArray();
        counts.CopyTo(message.AsSpan(4));
        return message;
    }

    public static byte[] NameOctets(string name)
    {
        using var octets = new MemoryStream();
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            octets.WriteByte((byte)label.Length);
            octets.Write(Encoding.Latin1.GetBytes(label));
        }

        octets.WriteByte(0);
        return octets.ToArray();
    }

    public static byte[] Address(string address) => IPAddress.Parse(address).GetAddressBytes();

    public static byte[] Text(params string[] strings) => [.. strings.SelectMany(text => new[] { (byte)text.Length }.Concat(Encoding.Latin1.GetBytes(text)))];

    public static byte[] Caa(int flags, string tag, string value) => [(byte)flags, (byte)tag.Length, .. Encoding.Latin1.GetBytes(tag), .. Encoding.Latin1.GetBytes(value)];
}

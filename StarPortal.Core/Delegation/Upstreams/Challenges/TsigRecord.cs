using System.Buffers.Binary;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>The TSIG record at the end of a message (RFC 8945 4.2).</summary>
/// <param name="Start">Where in the message it begins.</param>
/// <param name="TimeSigned">Seconds since 1970.</param>
internal sealed record TsigRecord(int Start, DnsName Key, DnsName Algorithm, long TimeSigned, int Fudge, byte[] Mac, int OriginalId, int Error, byte[] Other)
{
    public const int Type = 250;

    private const int HeaderLength = 12;
    private const int ClassAny = 255;

    /// <summary>Walks over a message of any kind. The work is bounded as that of <see cref="DnsMessageReader"/> is.</summary>
    /// <returns>Null: it is not signed.</returns>
    /// <exception cref="DnsFormatException">Not a message.</exception>
    public static TsigRecord? Find(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength) throw Damaged();
        var (questions, records) = (U16(message, 4), U16(message, 6) + U16(message, 8) + U16(message, 10));
        if (questions > 1 || records > DnsMessageReader.MaxRecords) throw Damaged();
        var at = HeaderLength;
        for (var i = 0; i < questions; i++)
        {
            DnsMessageReader.ReadName(message, ref at);
            at += 4;
        }

        TsigRecord? signature = null;
        for (var i = 0; i < records; i++)
        {
            if (signature is not null) throw Damaged(); // RFC 8945 5.1: it is the last one, and there is one.
            signature = ReadRecord(message, ref at, mayBeSignature: i >= records - U16(message, 10));
        }

        return at == message.Length ? signature : throw Damaged();
    }

    private static TsigRecord? ReadRecord(ReadOnlySpan<byte> message, ref int at, bool mayBeSignature)
    {
        var start = at;
        var owner = DnsMessageReader.ReadName(message, ref at);
        var (type, recordClass, length) = (U16(message, at), U16(message, at + 2), U16(message, at + 8));
        var data = at += 10;
        at += length;
        if (at > message.Length) throw Damaged();
        if (type != Type) return null;
        return mayBeSignature && recordClass == ClassAny ? ReadData(message[..at], start, owner, data) : throw Damaged();
    }

    private static TsigRecord ReadData(ReadOnlySpan<byte> message, int start, DnsName owner, int at)
    {
        var algorithm = DnsMessageReader.ReadName(message, ref at);
        var (time, fudge, macLength) = (((long)U16(message, at) << 32) | ((long)U16(message, at + 2) << 16) | (long)U16(message, at + 4), U16(message, at + 6), U16(message, at + 8));
        var mac = Slice(message, at + 10, macLength);
        at += 10 + macLength;
        var (id, error, otherLength) = (U16(message, at), U16(message, at + 2), U16(message, at + 4));
        var other = Slice(message, at + 6, otherLength);
        return at + 6 + otherLength == message.Length ? new(start, owner, algorithm, time, fudge, mac, id, error, other) : throw Damaged();
    }

    private static int U16(ReadOnlySpan<byte> message, int at) => at + 2 <= message.Length ? BinaryPrimitives.ReadUInt16BigEndian(message[at..]) : throw Damaged();

    private static byte[] Slice(ReadOnlySpan<byte> message, int at, int length) => at + length <= message.Length ? message.Slice(at, length).ToArray() : throw Damaged();

    private static DnsFormatException Damaged() => new("The message is not one that could be signed.");
}

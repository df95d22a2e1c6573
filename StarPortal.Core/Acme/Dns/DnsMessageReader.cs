using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>
/// Reads an answer (RFC 1035 4.1). Any octets are taken: what is not a message ends in <see cref="DnsFormatException"/> and in nothing else.
/// The work is bounded: compression pointers only lead backwards, names have 255 octets, and the record counts have a limit.
/// </summary>
public ref struct DnsMessageReader
{
    /// <summary>More records than any name has that we are asked about.</summary>
    internal const int MaxRecords = 512;

    private const int HeaderLength = 12;
    private const ushort ClassInternet = 1;

    private readonly ReadOnlySpan<byte> message;

    private int position;

    private DnsMessageReader(ReadOnlySpan<byte> message) => this.message = message;

    /// <exception cref="DnsFormatException">Not a DNS message, or one that lies about its lengths.</exception>
    public static DnsMessage Read(ReadOnlySpan<byte> message) => new DnsMessageReader(message).ReadMessage();

    /// <summary>A name within a message of any kind.</summary>
    /// <param name="at">Where it begins; then, what follows it.</param>
    /// <exception cref="DnsFormatException">No name.</exception>
    internal static DnsName ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var reader = new DnsMessageReader(message) { position = at };
        var name = reader.ReadName();
        at = reader.position;
        return name;
    }

    private DnsMessage ReadMessage()
    {
        if (message.Length < HeaderLength) throw new DnsFormatException("The message is shorter than its header.");
        var id = ReadUInt16();
        var flags = ReadUInt16();
        var (questions, answers, others) = (ReadUInt16(), ReadUInt16(), ReadUInt16() + ReadUInt16());
        var isResponse = (flags & 0x8000) != 0;
        var isTruncated = (flags & 0x0200) != 0;
        if ((flags & 0x7800) != 0) throw new DnsFormatException("The message is not a standard query's answer.");
        if (questions > 1) throw new DnsFormatException("The message has more than one question.");
        if (answers + others > MaxRecords) throw new DnsFormatException($"The message announces more than {MaxRecords} records.");

        var question = questions == 1 ? ReadQuestion() : null;
        List<DnsRecord> records = [];
        if (isTruncated) return new(id, isResponse, isTruncated, (DnsResponseCode)(flags & 0xF), question, records);

        for (var i = 0; i < answers; i++)
        {
            if (ReadRecord(isAnswer: true) is { } record) records.Add(record);
        }

        for (var i = 0; i < others; i++) ReadRecord(isAnswer: false);
        if (position != message.Length) throw new DnsFormatException("The message goes on after its last record.");
        return new(id, isResponse, isTruncated, (DnsResponseCode)(flags & 0xF), question, records);
    }

    private DnsQuestion ReadQuestion()
    {
        var name = ReadName();
        var type = (DnsRecordType)ReadUInt16();
        if (ReadUInt16() != ClassInternet) throw new DnsFormatException("The question is not of class IN.");
        return new DnsQuestion(name, type);
    }

    /// <summary>Null for a record that nothing here needs; its lengths are checked all the same.</summary>
    private DnsRecord? ReadRecord(bool isAnswer)
    {
        var owner = ReadName();
        var type = ReadUInt16();
        var isInternet = ReadUInt16() == ClassInternet;
        Take(4); // TTL: validation asks afresh, nothing is kept.
        var length = ReadUInt16();
        var end = position + length;
        if (end > message.Length) throw new DnsFormatException("A record is longer than the message.");

        var record = isAnswer && isInternet ? ReadData(owner, (DnsRecordType)type, length) : null;
        if (record is AliasRecord && position != end) throw new DnsFormatException("An alias does not fill its record.");
        position = end;
        return record;
    }

    private DnsRecord? ReadData(DnsName owner, DnsRecordType type, int length) => type switch
    {
        DnsRecordType.Address => new AddressRecord(owner, ReadAddress(length, 4)),
        DnsRecordType.AddressV6 => new AddressRecord(owner, ReadAddress(length, 16)),
        DnsRecordType.Alias => new AliasRecord(owner, ReadName()),
        DnsRecordType.StartOfAuthority => new ZoneRecord(owner),
        DnsRecordType.Text => new TextRecord(owner, ReadText(Take(length))),
        DnsRecordType.CertificationAuthorityAuthorization => ReadCaa(owner, Take(length)),
        _ => null, // The type is a number of the wire: every other is possible.
    };

    private IPAddress ReadAddress(int length, int expected) =>
        length == expected ? new IPAddress(Take(length)) : throw new DnsFormatException("An address has the wrong length.");

    private static string ReadText(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(data.Length);
        while (data.Length > 0)
        {
            var length = data[0];
            if (length >= data.Length) throw new DnsFormatException("A string is longer than its record.");
            text.Append(Encoding.Latin1.GetString(data.Slice(1, length)));
            data = data[(1 + length)..];
        }

        return text.ToString();
    }

    private static CaaRecord ReadCaa(DnsName owner, ReadOnlySpan<byte> data)
    {
        if (data.Length < 2 || data[1] == 0 || data[1] > data.Length - 2) throw new DnsFormatException("A CAA record has a wrong tag length.");
        var tagEnd = 2 + data[1];
        return new CaaRecord(owner, (data[0] & 0x80) != 0, Encoding.Latin1.GetString(data[2..tagEnd]), Encoding.Latin1.GetString(data[tagEnd..]));
    }

    /// <summary>RFC 1035 4.1.4. A pointer has to lead before where the labels that it ends began: no loop is possible.</summary>
    private DnsName ReadName()
    {
        var text = new StringBuilder();
        var (at, limit, wire) = (position, position, 1);
        var hasJumped = false;
        while (true)
        {
            var length = OctetAt(at++);
            if ((length & 0xC0) == 0xC0)
            {
                var target = ((length & 0x3F) << 8) | OctetAt(at++);
                if (!hasJumped) position = at;
                if (target >= limit || target < HeaderLength) throw new DnsFormatException("A compressed name does not lead backwards.");
                (at, limit, hasJumped) = (target, target, true);
                continue;
            }

            if ((length & 0xC0) != 0) throw new DnsFormatException("A label is of an unknown kind.");
            if (length == 0) break;
            wire += 1 + length;
            if (wire > DnsName.MaxWireLength) throw new DnsFormatException("A name is longer than 255 octets.");
            if (at + length > message.Length) throw new DnsFormatException("A label is longer than the message.");
            DnsName.AppendLabel(text, message.Slice(at, length));
            at += length;
        }

        if (!hasJumped) position = at;
        return DnsName.OfLabels(text);
    }

    private readonly byte OctetAt(int at) => at < message.Length ? message[at] : throw new DnsFormatException("The message ends within a name.");

    private ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > message.Length - position) throw new DnsFormatException("The message ends early.");
        var taken = message.Slice(position, count);
        position += count;
        return taken;
    }
}

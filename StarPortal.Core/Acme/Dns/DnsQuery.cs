using System.Buffers.Binary;
using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>Writes a query (RFC 1035 4.1): one question, recursion desired, and EDNS(0) (RFC 6891) so that answers fit into one datagram.</summary>
public static class DnsQuery
{
    /// <summary>Header, the longest name, type and class, and the OPT record.</summary>
    public const int MaxLength = 12 + DnsName.MaxWireLength + 4 + 11;

    /// <summary>The size that crosses every network unfragmented (DNS flag day 2020); answers above it come over TCP.</summary>
    internal const int DatagramSize = 1232;

    private const ushort RecursionDesired = 0x0100;
    private const ushort ClassInternet = 1;
    private const ushort TypeOptions = 41;

    /// <summary>Writes into a buffer of at least <see cref="MaxLength"/> octets and says how many were written.</summary>
    /// <exception cref="DnsFormatException">The name holds an escape: it came from the wire and cannot be asked for.</exception>
    public static int Write(Span<byte> buffer, ushort id, DnsQuestion question, bool withOptions)
    {
        buffer[..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(buffer, id);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], RecursionDesired);
        buffer[5] = 1;
        buffer[11] = withOptions ? (byte)1 : (byte)0;

        var at = 12 + WriteName(buffer[12..], question.Name);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 2)..], ClassInternet);
        at += 4;
        return withOptions ? at + WriteOptions(buffer[at..]) : at;
    }

    /// <returns>How many octets were written.</returns>
    internal static int WriteName(Span<byte> buffer, DnsName name)
    {
        var at = 0;
        if (!name.IsRoot)
        {
            foreach (var range in name.Text.AsSpan().Split('.'))
            {
                var label = name.Text.AsSpan(range);
                if (label.Contains('\\')) throw new DnsFormatException("The name holds octets that are not asked for.");
                buffer[at] = (byte)label.Length;
                Encoding.ASCII.GetBytes(label, buffer[(at + 1)..]);
                at += 1 + label.Length;
            }
        }

        buffer[at] = 0;
        return at + 1;
    }

    /// <summary>OPT: the root, its type, our datagram size as class, no extended code, version 0, no flags, no data (RFC 6891 6.1.2).</summary>
    private static int WriteOptions(Span<byte> buffer)
    {
        buffer[..11].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(buffer[1..], TypeOptions);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[3..], DatagramSize);
        return 11;
    }
}

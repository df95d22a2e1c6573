using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StarPortal.Core.Acme;

/// <summary>
/// One question to one server: over UDP, and over TCP when the answer was cut (RFC 7766). Each question has a random id and a socket of
/// its own, whose source port the system chooses at random and which hears that server alone; an answer counts only if it has the id and
/// repeats the question (RFC 5452).
/// </summary>
internal static class DnsExchange
{
    /// <summary>Datagrams that are not the answer before we take them for an attack and give up.</summary>
    private const int MaxStrayDatagrams = 32;

    /// <summary>More than a server sends to one who announced <see cref="DnsQuery.DatagramSize"/>.</summary>
    private const int DatagramBuffer = 4096;

    /// <exception cref="DnsFormatException">The answer is not one.</exception>
    /// <exception cref="SocketException">The server is not reached.</exception>
    /// <exception cref="IOException">The server closed the connection early.</exception>
    public static async Task<DnsMessage> AskAsync(IPEndPoint server, DnsQuestion question, CancellationToken ct)
    {
        var answer = await AskAsync(server, question, withOptions: true, ct);

        // RFC 6891 7: a server that knows no options says FORMERR, some say NOTIMP.
        return answer.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented
            ? await AskAsync(server, question, withOptions: false, ct)
            : answer;
    }

    private static async Task<DnsMessage> AskAsync(IPEndPoint server, DnsQuestion question, bool withOptions, CancellationToken ct)
    {
        var query = new byte[DnsQuery.MaxLength];
        var id = BinaryPrimitives.ReadUInt16BigEndian(RandomNumberGenerator.GetBytes(2));
        var length = DnsQuery.Write(query, id, question, withOptions);

        var answer = await AskOverUdpAsync(server, query.AsMemory(0, length), id, question, ct);
        if (!answer.IsTruncated) return answer;
        answer = await AskOverTcpAsync(server, query.AsMemory(0, length), ct);
        if (!IsAnswer(answer, id, question) || answer.IsTruncated) throw new DnsFormatException("The answer over TCP is cut or is not the answer to the question.");
        return answer;
    }

    private static async Task<DnsMessage> AskOverUdpAsync(IPEndPoint server, ReadOnlyMemory<byte> query, ushort id, DnsQuestion question, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, ct);
        await socket.SendAsync(query, ct);
        var buffer = ArrayPool<byte>.Shared.Rent(DatagramBuffer);
        try
        {
            for (var strays = 0; strays < MaxStrayDatagrams; strays++)
            {
                var received = await socket.ReceiveAsync(buffer, ct);
                if (Match(buffer.AsSpan(0, received), id, question) is { } answer) return answer;
            }

            throw new DnsFormatException("The answers that came belong to other questions.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Null for a datagram that somebody else may have sent; what has our id and is no message is the server's fault.</summary>
    private static DnsMessage? Match(ReadOnlySpan<byte> datagram, ushort id, DnsQuestion question)
    {
        if (datagram.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(datagram) != id) return null;
        var message = DnsMessageReader.Read(datagram);
        return IsAnswer(message, id, question) ? message : null;
    }

    private static async Task<DnsMessage> AskOverTcpAsync(IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, ct);
        await using var stream = new NetworkStream(socket, ownsSocket: false);

        var framed = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, ct);

        await stream.ReadExactlyAsync(framed.AsMemory(0, 2), ct);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(answer, ct);
        return DnsMessageReader.Read(answer);
    }

    private static bool IsAnswer(DnsMessage message, ushort id, DnsQuestion question) =>
        message.Id == id && message.IsResponse && (message.Question == question || (message.Question is null && message.ResponseCode is not DnsResponseCode.NoError));
}

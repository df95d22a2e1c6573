using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StarPortal.Core.Acme;

/// <summary>
/// Questions to one server, asked at once: over UDP, and over TCP when the answer was cut (RFC 7766). Each question has a random id, and each
/// exchange a socket of its own, whose source port the system chooses at random and which hears that server alone; an answer counts only if it
/// has the id and repeats the question (RFC 5452).
/// </summary>
internal sealed class DnsExchange(IPEndPoint server, IReadOnlyList<DnsQuestion> questions)
{
    /// <summary>Datagrams that are no answers before we take them for an attack and give up.</summary>
    private const int MaxStrayDatagrams = 32;

    /// <summary>More than a server sends to one who announced <see cref="DnsQuery.DatagramSize"/>.</summary>
    private const int DatagramBuffer = 4096;

    private readonly DnsMessage?[] answers = new DnsMessage?[questions.Count];
    private bool withOptions = true;

    /// <summary>The whole answer to a question, once it has come.</summary>
    public DnsMessage? AnswerTo(int question) => answers[question] is { IsTruncated: false } whole ? whole : null;

    /// <summary>Returns when every question is answered. What was answered before an error stays.</summary>
    /// <exception cref="DnsFormatException">An answer is none.</exception>
    /// <exception cref="SocketException">The server is not reached.</exception>
    /// <exception cref="IOException">The server closed the connection early.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await AskOverUdpAsync(ct);

        // RFC 6891 7: a server that knows no options says FORMERR, some say NOTIMP.
        if (Array.Exists(answers, answer => answer?.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented))
        {
            withOptions = false;
            for (var i = 0; i < answers.Length; i++)
                if (answers[i]?.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented) answers[i] = null;
            await AskOverUdpAsync(ct);
        }

        for (var i = 0; i < answers.Length; i++)
            if (answers[i] is { IsTruncated: true }) answers[i] = await AskOverTcpAsync(questions[i], ct);
    }

    /// <summary>Those that have no answer.</summary>
    private async Task AskOverUdpAsync(CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, ct);
        var buffer = ArrayPool<byte>.Shared.Rent(DatagramBuffer);
        try
        {
            var ids = new ushort[answers.Length];
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = NewId();
                if (answers[i] is null) await socket.SendAsync(buffer.AsMemory(0, DnsQuery.Write(buffer, ids[i], questions[i], withOptions)), ct);
            }

            for (var strays = 0; Array.IndexOf(answers, null) >= 0;)
            {
                var received = await socket.ReceiveAsync(buffer, ct);
                if (!Accept(buffer.AsSpan(0, received), ids) && ++strays == MaxStrayDatagrams) throw new DnsFormatException("The answers that came belong to other questions.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>False for a datagram that somebody else may have sent; what has an id of ours and is no message is the server's fault.</summary>
    private bool Accept(ReadOnlySpan<byte> datagram, ushort[] ids)
    {
        if (datagram.Length < 2) return false;
        var id = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        if (!ids.Contains(id)) return false;
        var message = DnsMessageReader.Read(datagram);
        for (var i = 0; i < ids.Length; i++)
        {
            if (answers[i] is not null || !IsAnswer(message, ids[i], questions[i])) continue;
            answers[i] = message;
            return true;
        }

        return false;
    }

    private async Task<DnsMessage> AskOverTcpAsync(DnsQuestion question, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, ct);
        await using var stream = new NetworkStream(socket, ownsSocket: false);

        var id = NewId();
        var query = new byte[2 + DnsQuery.MaxLength];
        var length = DnsQuery.Write(query.AsSpan(2), id, question, withOptions);
        BinaryPrimitives.WriteUInt16BigEndian(query, (ushort)length);
        await stream.WriteAsync(query.AsMemory(0, 2 + length), ct);

        await stream.ReadExactlyAsync(query.AsMemory(0, 2), ct);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(query)];
        await stream.ReadExactlyAsync(answer, ct);
        var message = DnsMessageReader.Read(answer);
        return IsAnswer(message, id, question) && !message.IsTruncated ? message : throw new DnsFormatException("The answer over TCP is cut or is not the answer to the question.");
    }

    private static ushort NewId() => BinaryPrimitives.ReadUInt16BigEndian(RandomNumberGenerator.GetBytes(2));

    private static bool IsAnswer(DnsMessage message, ushort id, DnsQuestion question) =>
        message.Id == id && message.IsResponse && (message.Question == question || (message.Question is null && message.ResponseCode is not DnsResponseCode.NoError));
}

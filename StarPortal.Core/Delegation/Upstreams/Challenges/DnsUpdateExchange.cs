using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Sends an update, over UDP and where that brings nothing over TCP (RFC 2136 2.1), and believes a signed answer alone.</summary>
internal sealed class DnsUpdateExchange(IPEndPoint server, TsigKey key, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>What crosses every network in one datagram.</summary>
    private const int MaxDatagram = 1232;

    /// <summary>Datagrams that are no answers before we turn to TCP.</summary>
    private const int MaxStrays = 32;

    /// <exception cref="ChallengeFailedException">Refused, no answer, or one that is not the server's.</exception>
    public async Task SendAsync(DnsUpdate update, CancellationToken ct)
    {
        try
        {
            var signed = Tsig.Sign(update.Write(BinaryPrimitives.ReadUInt16BigEndian(RandomNumberGenerator.GetBytes(2))), key, clock.GetUtcNow(), out var mac);
            Require(update, await AskOverUdpAsync(signed, ct) ?? await AskOverTcpAsync(signed, ct), mac);
        }
        catch (DnsFormatException error)
        {
            throw new ChallengeFailedException($"The DNS server {server} sent an answer that cannot be read: {error.Message}", mayPass: true, error);
        }
    }

    /// <summary>The response code is believed only after the signature: anybody may have sent the rest.</summary>
    private void Require(DnsUpdate update, byte[] answer, byte[] mac)
    {
        var code = answer[3] & 0xF;
        if (Tsig.FindProblem(answer, key, mac, clock.GetUtcNow()) is { } problem)
            throw new ChallengeFailedException($"The DNS server {server} was asked to change {update.Name}: its answer ({NameOf(code)}) {problem}.", mayPass: false);
        if (code != 0) throw new ChallengeFailedException($"The DNS server {server} refused to change {update.Name} in the zone {update.Zone}: {NameOf(code)}.", mayPass: code is 2);
    }

    /// <returns>Null: no answer, or a cut one.</returns>
    private async Task<byte[]?> AskOverUdpAsync(byte[] message, CancellationToken ct)
    {
        if (message.Length > MaxDatagram) return null;
        using var limit = Limit(ct);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(server, limit.Token);
            await socket.SendAsync(message, limit.Token);
            var buffer = new byte[4096];
            for (var strays = 0; strays < MaxStrays; strays++)
            {
                var length = await socket.ReceiveAsync(buffer, limit.Token);
                if (IsAnswer(buffer.AsSpan(0, length), message)) return (buffer[2] & 0x02) == 0 ? buffer[..length] : null;
            }
        }
        catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // TCP may tell more.
        }

        return null;
    }

    private async Task<byte[]> AskOverTcpAsync(byte[] message, CancellationToken ct)
    {
        using var limit = Limit(ct);
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, limit.Token);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(new DnsWriter().U16(message.Length).Raw(message).ToArray(), limit.Token);
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, limit.Token);
            var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(answer, limit.Token);
            return IsAnswer(answer, message) ? answer : throw new DnsFormatException("It is not the answer to the update.");
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw new ChallengeFailedException($"The DNS server {server} did not answer within {timeout.TotalSeconds:0.#} seconds.", mayPass: true, error);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new ChallengeFailedException($"The DNS server {server} can't be reached.", mayPass: true, error);
        }
    }

    private CancellationTokenSource Limit(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        return limit;
    }

    /// <summary>The id, and that it is a response to an update (RFC 2136 2.2).</summary>
    private static bool IsAnswer(ReadOnlySpan<byte> answer, byte[] question) =>
        answer.Length >= 12 && answer[..2].SequenceEqual(question.AsSpan(0, 2)) && (answer[2] & 0xF8) == (0x80 | (DnsUpdate.Opcode << 3));

    /// <summary>RFC 2136 2.2; numbers of the wire, any other is possible.</summary>
    private static string NameOf(int code) => code switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 => "YXDOMAIN",
        7 => "YXRRSET",
        8 => "NXRRSET",
        9 => "NOTAUTH",
        10 => "NOTZONE",
        _ => $"code {code}",
    };
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StarPortal.Tests.Support;

/// <summary>A question that the server got: its id as well, for answers that a test writes itself.</summary>
public sealed record DnsAsked(ushort Id, string Name, int Type, bool IsTcp, bool HasOptions);

/// <summary>
/// A DNS server on loopback, over UDP and TCP on one port. It answers from its records as a recursive server does, or with whatever
/// <see cref="Misbehave"/> says: octets, several datagrams, or nothing.
/// </summary>
public sealed class TestDnsServer : IAsyncDisposable
{
    public const int A = 1, Cname = 5, Txt = 16, Aaaa = 28, CaaType = 257;

    private readonly ConcurrentDictionary<(string Name, int Type), List<byte[]>> records = [];

    private readonly CancellationTokenSource end = new();

    private readonly Socket datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    private readonly TcpListener connections;

    private readonly Task work;

    private TestDnsServer(Socket datagrams, TcpListener connections)
    {
        (this.datagrams, this.connections) = (datagrams, connections);
        work = Task.WhenAll(AnswerDatagramsAsync(), AnswerConnectionsAsync());
    }

    public string Address => datagrams.LocalEndPoint!.ToString()!;

    public IPEndPoint EndPoint => (IPEndPoint)datagrams.LocalEndPoint!;

    public ConcurrentQueue<DnsAsked> Asked { get; } = [];

    /// <summary>What to send instead, in order; an empty list is silence, null is "as usual".</summary>
    public Func<DnsAsked, IReadOnlyList<byte[]>?> Misbehave { get; set; } = _ => null;

    public static TestDnsServer Start()
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, FreePorts.Take(1)[0]));
            var listener = new TcpListener((IPEndPoint)socket.LocalEndPoint!);
            try
            {
                listener.Start();
                return new TestDnsServer(socket, listener);
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }
    }

    public TestDnsServer Add(string name, int type, byte[] data)
    {
        records.GetOrAdd((name, type), _ => []).Add(data);
        return this;
    }

    public TestDnsServer Address4(string name, string address) => Add(name, A, DnsReply.Address(address));

    public TestDnsServer Address6(string name, string address) => Add(name, Aaaa, DnsReply.Address(address));

    public TestDnsServer Text(string name, params string[] strings) => Add(name, Txt, DnsReply.Text(strings));

    public TestDnsServer Alias(string name, string target) => Add(name, Cname, DnsReply.NameOctets(target));

    public TestDnsServer Caa(string name, string tag, string value, int flags = 0) => Add(name, CaaType, DnsReply.Caa(flags, tag, value));

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        connections.Stop();
        datagrams.Dispose();
        await work;
        end.Dispose();
    }

    private async Task AnswerDatagramsAsync()
    {
        var buffer = new byte[4096];
        while (!end.IsCancellationRequested)
        {
            try
            {
                var from = await datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), end.Token);
                foreach (var answer in AnswersTo(buffer.AsSpan(0, from.ReceivedBytes), isTcp: false)) await datagrams.SendToAsync(answer, from.RemoteEndPoint, end.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A client that is gone, or the end.
            }
        }
    }

    private async Task AnswerConnectionsAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var client = await connections.AcceptTcpClientAsync(end.Token);
                var stream = client.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, end.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, end.Token);
                foreach (var answer in AnswersTo(query, isTcp: true))
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    await stream.WriteAsync(length, end.Token);
                    await stream.WriteAsync(answer, end.Token);
                }

                await stream.CopyToAsync(Stream.Null, end.Token); // Until the client closes.
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or InvalidOperationException)
            {
                // A client that is gone, or the end.
            }
        }
    }

    private IReadOnlyList<byte[]> AnswersTo(ReadOnlySpan<byte> query, bool isTcp)
    {
        var asked = Read(query, isTcp);
        Asked.Enqueue(asked);
        return Misbehave(asked) ?? [Answer(asked)];
    }

    /// <summary>What a well-behaved server says.</summary>
    public byte[] Answer(DnsAsked asked)
    {
        var (owner, chain) = (asked.Name, new List<(string Owner, byte[] Target)>());
        while (asked.Type != Cname && chain.Count < 20 && records.TryGetValue((owner, Cname), out var alias))
        {
            chain.Add((owner, alias[0]));
            owner = TextOf(alias[0]);
        }

        var exists = records.Keys.Any(key => key.Name == owner || key.Name.EndsWith($".{owner}", StringComparison.Ordinal));
        var reply = new DnsReply(asked.Id, (ushort)(exists ? 0x8180 : 0x8183)).Question(asked.Name, asked.Type);
        foreach (var (from, target) in chain) reply.Record(from, Cname, target);
        foreach (var data in records.GetValueOrDefault((owner, asked.Type)) ?? []) reply.Record(owner, asked.Type, data);
        return reply.ToArray();
    }

    private static DnsAsked Read(ReadOnlySpan<byte> query, bool isTcp)
    {
        var name = TextOf(query[12..]);
        var type = BinaryPrimitives.ReadUInt16BigEndian(query[(12 + DnsReply.NameOctets(name).Length)..]);
        return new DnsAsked(BinaryPrimitives.ReadUInt16BigEndian(query), name, type, isTcp, query[11] == 1);
    }

    private static string TextOf(ReadOnlySpan<byte> name)
    {
        List<string> labels = [];
        for (; name[0] != 0; name = name[(1 + name[0])..]) labels.Add(Encoding.Latin1.GetString(name.Slice(1, name[0])));
        return string.Join('.', labels);
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StarPortal.Benchmarks.Acme;

/// <summary>What the validator meets: every name is 127.0.0.1, no name has CAA records, and the tokens that are expected are answered.</summary>
internal sealed class ChallengeServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> expected = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();
    private readonly TcpListener http = new(IPAddress.Loopback, 0);
    private readonly UdpClient dns = new(new IPEndPoint(IPAddress.Loopback, 0));

    private ChallengeServer() => http.Start(512);

    public int HttpPort => ((IPEndPoint)http.LocalEndpoint).Port;

    public int DnsPort => ((IPEndPoint)dns.Client.LocalEndPoint!).Port;

    public static ChallengeServer Start()
    {
        var server = new ChallengeServer();
        _ = Task.Run(server.AnswerHttpAsync);
        _ = Task.Run(server.AnswerDnsAsync);
        return server;
    }

    public void Expect(string token, string keyAuthorization) => expected[token] = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {keyAuthorization.Length}\r\nConnection: close\r\n\r\n{keyAuthorization}");

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        http.Dispose();
        dns.Dispose();
        ending.Dispose();
    }

    private async Task AnswerHttpAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            var client = await http.AcceptTcpClientAsync(ending.Token);
            _ = AnswerAsync(client);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var token = (await reader.ReadLineAsync(ending.Token))?.Split(' ') is [_, var path, ..] ? path[(path.LastIndexOf('/') + 1)..] : "";
                while (await reader.ReadLineAsync(ending.Token) is { Length: > 0 })
                {
                    // Headers.
                }

                if (expected.TryRemove(token, out var answer)) await stream.WriteAsync(answer, ending.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // The validator went away.
            }
        }
    }

    private async Task AnswerDnsAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var question = await dns.ReceiveAsync(ending.Token);
                await dns.SendAsync(Answer(question.Buffer), question.RemoteEndPoint, ending.Token);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The next one, or the end.
            }
        }
    }

    /// <summary>The question, and for type A one record that points back to its name. What else was in it (EDNS) is cut off.</summary>
    private static byte[] Answer(byte[] question)
    {
        var end = 12;
        while (question[end] != 0) end += question[end] + 1;
        var isAddress = question[end + 2] == 1;
        byte[] head = [question[0], question[1], 0x85, 0x80, 0, 1, 0, (byte)(isAddress ? 1 : 0), 0, 0, 0, 0];
        byte[] record = isAddress ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1] : [];
        return [.. head, .. question[12..(end + 5)], .. record];
    }
}

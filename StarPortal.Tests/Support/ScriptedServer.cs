using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StarPortal.Tests.Support;

/// <summary>A TCP server whose every connection is played by a test: it can answer well, badly, for ever or not at all.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener;

    private readonly CancellationTokenSource end = new();

    private readonly Func<NetworkStream, CancellationToken, Task> play;

    private readonly ConcurrentBag<Task> plays = [];

    private readonly Task accepting;

    private int accepted;

    private ScriptedServer(IPEndPoint endPoint, Func<NetworkStream, CancellationToken, Task> play)
    {
        this.play = play;
        listener = new TcpListener(endPoint);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many connections were made.</summary>
    public int Accepted => Volatile.Read(ref accepted);

    /// <param name="port">0: any that is free.</param>
    public static ScriptedServer Start(IPAddress address, Func<NetworkStream, CancellationToken, Task> play, int port = 0) => new(new IPEndPoint(address, port), play);

    /// <summary>Reads the head of an HTTP request, answers with these octets, and closes. A client that goes away before it has asked gets no answer.</summary>
    public static ScriptedServer Http(IPAddress address, Func<string, string> answer, int port = 0) => Start(address, async (stream, ct) =>
    {
        var head = await ReadHeadAsync(stream, ct);
        if (head.EndsWith("\r\n\r\n", StringComparison.Ordinal)) await stream.WriteAsync(Encoding.Latin1.GetBytes(answer(head)), ct);
    }, port);

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    public static string Redirect(string location, int status = 302) => $"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";

    public static async Task<string> ReadHeadAsync(Stream stream, CancellationToken ct)
    {
        var head = new StringBuilder();
        var octet = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(octet, ct) == 1) head.Append((char)octet[0]);
        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(plays);
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                Interlocked.Increment(ref accepted);
                plays.Add(PlayAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The end.
        }
    }

    private async Task PlayAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await play(client.GetStream(), end.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, as many do here, or the end.
            }
        }
    }
}

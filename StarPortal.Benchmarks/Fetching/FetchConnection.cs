using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace StarPortal.Benchmarks.Fetching;

/// <summary>One kept TLS connection that asks the same again and again, by hand: a client of its own size would be what is measured.</summary>
internal sealed class FetchConnection : IAsyncDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly SslStream stream;
    private readonly byte[] request;
    private readonly byte[] buffer = new byte[64 * 1024];

    private FetchConnection(SslStream stream, byte[] request) => (this.stream, this.request) = (stream, request);

    public static async Task<FetchConnection> OpenAsync(Uri url, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port, ct);
#pragma warning disable CA5359 // Loopback, and nothing but time is learnt.
        var secured = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.Host }, ct);
        return new FetchConnection(secured, Encoding.ASCII.GetBytes($"GET {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"));
    }

    /// <summary>The answer's octets, head and body.</summary>
    public static async Task<byte[]> ReadAnswerAsync(Uri url, CancellationToken ct)
    {
        await using var connection = await OpenAsync(url, ct);
        await connection.AskOnceAsync(ct); // Once more: the first one makes the certificate known to the server.
        return connection.buffer.AsSpan(0, await connection.AskOnceAsync(ct)).ToArray();
    }

    /// <returns>How many answers came.</returns>
    public async Task<long> AskAsync(TimeSpan length, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        var count = 0L;
        for (; Stopwatch.GetElapsedTime(begun) < length; count++) await AskOnceAsync(ct);
        return count;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<int> AskOnceAsync(CancellationToken ct)
    {
        await stream.WriteAsync(request, ct);
        var (read, expected) = (0, int.MaxValue);
        while (read < expected)
        {
            var more = await stream.ReadAsync(buffer.AsMemory(read), ct);
            if (more == 0) throw new InvalidOperationException("The server closed the connection.");
            read += more;
            if (expected == int.MaxValue) expected = LengthOf(buffer.AsSpan(0, read));
        }

        return read;
    }

    /// <returns>Of head and body; <see cref="int.MaxValue"/> until the head is complete.</returns>
    private static int LengthOf(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf(HeadEnd);
        if (end < 0) return int.MaxValue;
        if (!answer.StartsWith("HTTP/1.1 200 "u8)) throw new InvalidOperationException(Encoding.ASCII.GetString(answer[..end]));
        var name = "Content-Length: "u8;
        var value = answer[(answer.IndexOf(name) + name.Length)..end];
        var line = value.IndexOf((byte)'\r') is >= 0 and var at ? value[..at] : value;
        return end + HeadEnd.Length + int.Parse(line, CultureInfo.InvariantCulture);
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StarPortal.Tests.MyProxy.Server;

/// <summary>A client that sends what it is told, record by record.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SslStream stream;

    private RawClient(SslStream stream) => this.stream = stream;

    public static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>After the handshake and, with TLS 1.3, the server's token.</summary>
    public static async Task<RawClient> OpenAsync(int port, SslProtocols protocol = SslProtocols.Tls13, X509Certificate2? certificate = null)
    {
        var stream = new SslStream(new NetworkStream(await ConnectAsync(port), ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost", EnabledSslProtocols = protocol,
#pragma warning disable CA5359 // What is looked at is the server's side.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            }, TestContext.Current.CancellationToken);
        var client = new RawClient(stream);
        if (protocol is SslProtocols.Tls13) Assert.Equal(0, (await client.ReadAsync(1))[0]);
        return client;
    }

    /// <summary>Each in a record of its own.</summary>
    public async Task<RawClient> SendAsync(params byte[][] records)
    {
        foreach (var record in records) await stream.WriteAsync(record, TestContext.Current.CancellationToken);
        return this;
    }

    public Task<RawClient> SendAsync(params string[] records) => SendAsync([.. records.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>A reply, without its NUL.</summary>
    public async Task<string> ReadReplyAsync()
    {
        var text = new StringBuilder();
        for (byte[] one; (one = await ReadAsync(1)).Length == 1 && one[0] != 0;) text.Append((char)one[0]);
        return text.ToString();
    }

    /// <summary>All that comes until the server closes.</summary>
    public async Task<string> ReadToEndAsync() => Encoding.Latin1.GetString(await ReadAsync(int.MaxValue)).Replace('\0', '|');

    /// <summary>Up to so many bytes; less: the server closed.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var all = new MemoryStream();
        var buffer = new byte[Math.Min(count, 16 * 1024)];
        try
        {
            for (int read; all.Length < count && (read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count - all.Length)), limit.Token)) > 0;) all.Write(buffer, 0, read);
        }
        catch (IOException)
        {
            // Closed without close_notify, or reset.
        }

        return all.ToArray();
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}

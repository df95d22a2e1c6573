using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>A logon by the bare protocol, with one key for all: what is measured is the server.</summary>
internal sealed class LogonClient(int port, SslProtocols protocol, byte[] signingRequest)
{
    /// <exception cref="InvalidOperationException">The server said no.</exception>
    public async Task LogOnAsync(string user, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        var request = string.Create(CultureInfo.InvariantCulture, $"VERSION=MYPROXYv2\nCOMMAND=0\nUSERNAME={user}\nPASSPHRASE={GridSite.Passphrase}\nLIFETIME=43200\n\0");
        await connection.WriteAsync(Encoding.UTF8.GetBytes(request), ct);
        List<byte> received = [];
        await ReadReplyAsync(connection, received, ct);
        await connection.WriteAsync(signingRequest, ct);
        await ReadReplyAsync(connection, received, ct); // The chain ends where the last reply's text begins.
    }

    /// <summary>A connection that has said nothing yet but its first octet.</summary>
    public async Task<SslStream> OpenAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, ct);
#pragma warning disable CA5359 // Whom the server is is not measured.
        var connection = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await connection.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol }, ct);
        if (protocol is SslProtocols.Tls13) await connection.ReadExactlyAsync(new byte[1], ct);
        await connection.WriteAsync("0"u8.ToArray(), ct);
        return connection;
    }

    private static async Task ReadReplyAsync(SslStream connection, List<byte> received, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. received]);
            var start = text.IndexOf("VERSION=MYPROXYv2\nRESPONSE=", StringComparison.Ordinal);
            if (start >= 0 && text.IndexOf('\0', start) is var end and > 0)
            {
                if (!text[start..end].Contains("RESPONSE=0", StringComparison.Ordinal)) throw new InvalidOperationException(text[start..end]);
                received.RemoveRange(0, end + 1);
                return;
            }

            var count = await connection.ReadAsync(buffer, ct);
            if (count == 0) throw new InvalidOperationException("The server closed the connection.");
            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}

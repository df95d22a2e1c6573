using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Tests.Interop;

/// <summary>A client that connects over and over, each time anew and with full validation, and notes which certificates it saw and what failed.</summary>
internal sealed class HandshakeWatch(int port, string host, X509Certificate2 root)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<string> serials = new(StringComparer.Ordinal);

    public int Handshakes { get; private set; }

    public int Certificates => serials.Count;

    public List<string> Failures { get; } = [];

    /// <summary>Until this many certificates were seen, or time is up.</summary>
    public async Task RunAsync(int certificates, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Pause);
        while (serials.Count < certificates && !ct.IsCancellationRequested)
        {
            await ConnectAsync();
            try
            {
                await timer.WaitForNextTickAsync(ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync()
    {
        Handshakes++;
        X509Certificate2? shown = null;
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, port);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(Options());
            shown = (X509Certificate2)tls.RemoteCertificate!;
            serials.Add(shown.SerialNumber);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or SocketException)
        {
            Failures.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {error.Message}");
        }
        finally
        {
            shown?.Dispose();
        }
    }

    private SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = host,
        AllowTlsResume = false,
        CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck },
    };
}

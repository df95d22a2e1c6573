using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.OpenSsl;

/// <summary>A listening socket with a host certificate, and clients for it.</summary>
internal sealed class TlsScene : IDisposable
{
    private static readonly GridPki SharedPki = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TlsServerContext context;

    public TlsScene(GridCredential? host = null)
    {
        host ??= Pki.Host;
        context = TlsServerContext.Of([host.Der, Pki.Root.Der], host.Key.ExportPkcs8PrivateKey());
        listener.Start();
        Folder.Write("root.pem", Pki.Root.Certificate.ExportCertificatePem());
    }

    public static GridPki Pki => SharedPki;

    public TestFolder Folder { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async Task<TlsConnection> AcceptAsync()
    {
        var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        return await TlsConnection.AcceptAsync(context, socket, TestContext.Current.CancellationToken);
    }

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>A client that trusts whatever it meets, and the server's end of the connection.</summary>
    public async Task<(SslStream Client, TlsConnection Server)> OpenAsync(SslProtocols protocol = SslProtocols.Tls13)
    {
        var accepted = AcceptAsync();
#pragma warning disable CA5359 // What is looked at is the server's side.
        var client = new SslStream((await ConnectAsync()).GetStream(), leaveInnerStreamOpen: false);
        await client.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, RemoteCertificateValidationCallback = (_, _, _, _) => true }, TestContext.Current.CancellationToken);
#pragma warning restore CA5359
        return (client, await accepted);
    }

    /// <summary>OpenSSL's own client; it reads until the server closes.</summary>
    /// <param name="chain">A client certificate with key, and what stands above it.</param>
    public Task<Tool> RunClientAsync(IReadOnlyList<GridCredential> chain, params string[] arguments)
    {
        if (chain.Count == 0) return Tool.RunAsync("openssl", ["s_client", "-connect", $"localhost:{Port}", "-CAfile", Folder["root.pem"], "-ign_eof", .. arguments]);
        Folder.Write("client.pem", chain[0].Certificate.ExportCertificatePem());
        Folder.Write("client.key", chain[0].KeyPem);
        Folder.Write("chain.pem", string.Concat(chain.Skip(1).Append(Pki.Root).Select(one => one.Certificate.ExportCertificatePem() + "\n")));
        return RunClientAsync([], ["-cert", Folder["client.pem"], "-key", Folder["client.key"], "-cert_chain", Folder["chain.pem"], .. arguments]);
    }

    public void Dispose()
    {
        listener.Dispose();
        context.Dispose();
        Folder.Dispose();
    }
}

internal static class FolderWriting
{
    public static void Write(this TestFolder folder, string name, string text) => File.WriteAllText(folder[name], text);
}

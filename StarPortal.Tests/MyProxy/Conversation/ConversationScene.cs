using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.MyProxy.Wire;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Conversation;

/// <summary>The whole room over a channel in memory: parser, table, services and database, without TLS.</summary>
internal sealed class ConversationScene : IAsyncDisposable
{
    public const string Passphrase = "correct horse";

    private readonly TestFolder folder = new();

    private ConversationScene()
    {
    }

    public TestPortal Portal { get; private set; } = null!;

    public GridPki Pki { get; private set; } = null!;

    /// <summary>The holder of <see cref="GridPki.User"/>'s certificate.</summary>
    public static MyProxyPeer Bob { get; } = new(new MyProxyClient("/O=StarGrid/OU=People/CN=Bob Badger", false, "192.0.2.1"), null);

    public static MyProxyPeer Nobody { get; } = new(new MyProxyClient(null, false, "192.0.2.2"), null);

    public static async Task<ConversationScene> StartAsync(params (string Key, string? Value)[] settings)
    {
        var scene = new ConversationScene();
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MyProxy:TrustDirectory"] = scene.folder.FullPath, ["MyProxy:RefusalDelay"] = "00:00:00", ["MyProxy:MaxAttempts"] = "100", ["MyProxy:AttemptsPerAddress"] = "100000",
            ["MyProxy:Policies:AcceptedCredentials:0"] = "*", ["MyProxy:Policies:AuthorizedKeyRetrievers:0"] = "*", ["MyProxy:Policies:DefaultKeyRetrievers:0"] = "*",
        };
        foreach (var (key, value) in settings) all[key] = value;
        scene.Portal = await TestPortal.StartAsync(all);
        scene.Pki = new GridPki(scene.Portal.Clock.Now);
        await scene.TrustAsync();
        return scene;
    }

    public static string Request(MyProxyCommand command, string more = "", string userName = "bob", string passphrase = Passphrase) =>
        $"VERSION=MYPROXYv2\nCOMMAND={(int)command}\nUSERNAME={userName}\nPASSPHRASE={passphrase}\nLIFETIME=3600\n{more}\0";

    /// <summary>The person's certificate and key, as myproxy-store sends them.</summary>
    public byte[] StoreBody()
    {
        var key = ((RSA)Pki.User.Key).ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        return Encoding.ASCII.GetBytes($"{Pki.User.Certificate.ExportCertificatePem()}\n{key}\n\0");
    }

    /// <summary>As the C client asks.</summary>
    public static byte[] SigningRequest()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=NULL SUBJECT NAME ENTRY", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
    }

    public Task<MemoryChannel> RunAsync(MyProxyPeer peer, string request, params byte[][] then) => RunAsync(peer, [Encoding.UTF8.GetBytes(request), .. then]);

    public async Task<MemoryChannel> RunAsync(MyProxyPeer peer, IEnumerable<byte[]> records)
    {
        var channel = new MemoryChannel(records);
        using var reader = new MessageReader(channel, TimeSpan.FromMilliseconds(1));
        Outcome = await Portal.Get<MyProxyConversation>().RunAsync(channel, reader, peer, _ => { }, TestContext.Current.CancellationToken);
        return channel;
    }

    /// <summary>Of the last conversation.</summary>
    public ConversationOutcome Outcome { get; private set; }

    public async Task StoreAsync() => Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n|VERSION=MYPROXYv2\nRESPONSE=0\n|", (await RunAsync(Bob, Request(MyProxyCommand.Store, passphrase: ""), StoreBody())).Told);

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        folder.Dispose();
    }

    private async Task TrustAsync()
    {
        var pem = Pki.Root.Certificate.ExportCertificatePem();
        await File.WriteAllTextAsync(folder["ca.pem"], pem);
        var hash = (await Tool.MustRunAsync("openssl", "x509", "-in", folder["ca.pem"], "-noout", "-subject_hash")).Trim();
        File.Move(folder["ca.pem"], folder[$"{hash}.0"]);
        await File.WriteAllTextAsync(folder[$"{hash}.signing_policy"], "access_id_CA X509 '/O=StarGrid/CN=StarGrid Test CA'\npos_rights globus CA:sign\ncond_subjects globus '\"/O=StarGrid/*\"'\n");
    }
}

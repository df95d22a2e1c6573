using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>Debian's lego, unchanged, with a folder of its own.</summary>
internal sealed class Lego : IDisposable
{
    private const string Program = "/usr/bin/lego";

    private readonly AcmeWorld world;
    private readonly TestFolder folder = new();

    public Lego(AcmeWorld world)
    {
        Assert.SkipUnless(File.Exists(Program), "No lego: install it, as ./test.sh does.");
        this.world = world;
    }

    public string[] ByHttp => ["--http", "--http.port", $"127.0.0.1:{world.HttpPort}"];

    public string[] ByTls => ["--tls", "--tls.port", $"127.0.0.1:{world.TlsPort}"];

    /// <summary>The records are there at once: lego need not look for them.</summary>
    public string[] ByDns => ["--dns", "exec", "--dns.disable-cp", "--dns.resolvers", $"127.0.0.1:{world.Dns.DnsPort}"];

    /// <summary>The certificate of this name, its issuer behind it.</summary>
    public string CertificateOf(string name) => folder["certificates", $"{FileOf(name)}.crt"];

    public string IssuersOf(string name) => folder["certificates", $"{FileOf(name)}.issuer.crt"];

    /// <param name="options">Those before the verb: names, challenge, key type.</param>
    /// <param name="verb">With the options of its own.</param>
    public Task<Tool> TryAsync(string[] options, params string[] verb) =>
        Tool.RunAsync(Program, world.Environment, ["--server", world.DirectoryUrl, "--accept-tos", "--email", "admin@example.org", "--path", folder.FullPath, .. options, .. verb]);

    public async Task<string> RunAsync(string[] options, params string[] verb) => (await TryAsync(options, verb)).Require($"lego {string.Join(' ', [.. options, .. verb])}");

    public void Dispose() => folder.Dispose();

    private static string FileOf(string name) => name.Replace('*', '_');
}

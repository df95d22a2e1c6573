using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>Debian's certbot, unchanged, with folders of its own.</summary>
internal sealed class Certbot : IDisposable
{
    private const string Program = "/usr/bin/certbot";

    private readonly AcmeWorld world;
    private readonly TestFolder folder = new();

    public Certbot(AcmeWorld world)
    {
        Assert.SkipUnless(File.Exists(Program), "No certbot: install it, as ./test.sh does.");
        this.world = world;
    }

    /// <summary>The certificate of this name alone.</summary>
    public string CertificateOf(string name) => folder["config", "live", name, "cert.pem"];

    public string IssuersOf(string name) => folder["config", "live", name, "chain.pem"];

    public string KeyOf(string name) => folder["config", "live", name, "privkey.pem"];

    /// <summary>What went over the wire. Certbot 2.1 on Python 3.11 does not show the problem of a refused order itself ("can't set attribute").</summary>
    public string Log => File.ReadAllText(folder["logs", "letsencrypt.log"]);

    public Task<Tool> TryAsync(string verb, params string[] arguments) => Tool.RunAsync(Program, world.Environment,
        [verb, "--non-interactive", "--server", world.DirectoryUrl, "--config-dir", folder["config"], "--work-dir", folder["work"], "--logs-dir", folder["logs"], .. arguments]);

    public async Task<string> RunAsync(string verb, params string[] arguments) => (await TryAsync(verb, arguments)).Require($"certbot {verb} {string.Join(' ', arguments)}");

    public Task<string> RegisterAsync(params string[] arguments) => RunAsync("register", ["--agree-tos", "--no-eff-email", "-m", "admin@example.org", .. arguments]);

    /// <summary>Certbot's own web server answers http-01.</summary>
    public Task<string> IssueByHttpAsync(string[] names, params string[] arguments) =>
        RunAsync("certonly", ["--standalone", "--http-01-port", $"{world.HttpPort}", "--http-01-address", "127.0.0.1", .. NamesOf(names), .. arguments]);

    /// <summary>A hook sets the TXT records of dns-01.</summary>
    public Task<string> IssueByDnsAsync(string[] names, params string[] arguments) =>
        RunAsync("certonly", [
            "--manual", "--preferred-challenges", "dns", "--manual-auth-hook", $"{AcmeWorld.DnsHook} present", "--manual-cleanup-hook", $"{AcmeWorld.DnsHook} cleanup",
            .. NamesOf(names), .. arguments]);

    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> NamesOf(string[] names) => names.SelectMany(name => new[] { "-d", name });
}

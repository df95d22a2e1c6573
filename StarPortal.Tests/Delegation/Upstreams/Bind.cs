using System.Diagnostics;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Debian's bind9 as a process of its own: the primary of example.org and of a zone for challenges, which take updates from two keys; one other key may not.</summary>
public sealed class Bind : IAsyncLifetime
{
    public const string Secret256 = "c3RhcnBvcnRhbCB0ZXN0IHNlY3JldCBmb3IgMjU2Lg==";
    public const string Secret512 = "c3RhcnBvcnRhbCB0ZXN0IHNlY3JldCBmb3IgNTEyLg==";

    private const string Program = "/usr/sbin/named";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TestFolder folder = new();
    private readonly int port = FreePorts.Take(1)[0];
    private Process? process;

    /// <summary>The key and the zone of docs/delegation.md, with the one other key that tests need.</summary>
    private static string Documented => Guide.Blocks("delegation.md", "## Upstreams", "").Single(block => block.StartsWith("key ", StringComparison.Ordinal))
        .Replace("BASE64", Secret256, StringComparison.Ordinal).Replace("grant portal zonesub TXT;", "grant portal zonesub TXT; grant portal512 zonesub TXT;", StringComparison.Ordinal);

    public string Address => $"127.0.0.1:{port}";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Program), "No DNS server that takes updates: install bind9, as ./test.sh does.");
        WriteZone("example.org", $"_acme-challenge.alias CNAME alias.challenges.test.\n_acme-challenge.circle CNAME _acme-challenge.circle");
        WriteZone("challenges.test", "");
        await File.WriteAllTextAsync(folder["named.conf"], $$"""
            {{Documented}}
            key "portal512" { algorithm hmac-sha512; secret "{{Secret512}}"; };
            key "reader" { algorithm hmac-sha256; secret "{{Secret256}}"; };
            options { directory "{{folder.FullPath}}"; listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify no; };
            controls { };
            zone "challenges.test" { type primary; file "challenges.test.zone"; allow-update { key portal; }; };
            """);
        process = Process.Start(new ProcessStartInfo(Program, ["-f", "-n", "1", "-c", folder["named.conf"]]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await UntilItAnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        folder.Dispose();
    }

    /// <summary>The TXT records of a name.</summary>
    public async Task<string[]> TextsAsync(string name)
    {
        var answer = await UpstreamScene.Resolver(Address).AskAsync(DnsName.Parse(name), DnsRecordType.Text, TestContext.Current.CancellationToken);
        return [.. answer.All<TextRecord>().Select(record => record.Text).Order(StringComparer.Ordinal)];
    }

    internal static TsigKey Key(string name = "portal", string algorithm = "hmac-sha256", string secret = Secret256) =>
        TsigKey.TryParse(name, algorithm, secret, out var key) ? key : throw new InvalidOperationException();

    private void WriteZone(string name, string records) => File.WriteAllText(folder[$"{name}.zone"], $"$TTL 60\n@ SOA ns.{name}. admin.{name}. 1 3600 600 86400 1\n@ NS ns.{name}.\nns A 127.0.0.1\n{records}\n");

    private async Task UntilItAnswersAsync()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartLimit)
        {
            var answer = await UpstreamScene.Resolver(Address).AskAsync(DnsName.Parse("challenges.test"), DnsRecordType.StartOfAuthority, TestContext.Current.CancellationToken);
            if (answer.Kind is DnsAnswerKind.Found) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("bind9 does not start.");
    }
}

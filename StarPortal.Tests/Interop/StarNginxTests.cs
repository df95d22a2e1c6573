using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>The whole way: an order, the portal's engine, <c>starportal star fetch</c> with its hook, a real nginx, and clients who notice nothing.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AloneTests))]
public sealed class StarNginxTests
{
    private const string Host = "nginx.lab.example.org";

    private const int Rollovers = 20;

    /// <summary>Seconds; each certificate lives for twice as long, and its successor is there by half of that.</summary>
    private const int Lifetime = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(Lifetime * (Rollovers + 1) * 3 / 2);

    [Fact]
    public async Task Nginx_ShowsAValidCertificate_ThroughTwentyRollovers()
    {
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string>
        {
            ["Portal:Demo"] = "false", ["Star:MinLifetime"] = "00:00:01", ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived",
        });
        await using var nginx = new Nginx(Host);
        var url = await OrderAsync(portal, nginx.KeyFile);
        (await FetchOnceAsync(portal, nginx, url)).Require("star fetch --once");
        nginx.Start();
        await portal.WaitForAsync(() => nginx.Log().Contains("start worker process ", StringComparison.Ordinal));

        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(RootOf(portal), TestContext.Current.CancellationToken));
        var watch = new HandshakeWatch(nginx.Port, Host, root);
        using var fetch = StartFetch(portal, nginx, url);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await watch.RunAsync(Rollovers + 1, limit.Token);
        var log = await StopAsync(fetch);

        TestContext.Current.SendDiagnosticMessage($"{watch.Handshakes} handshakes, {watch.Certificates} certificates");
        Assert.True(watch.Failures.Count == 0, $"{watch.Failures.Count} of {watch.Handshakes} handshakes failed: {string.Join('\n', watch.Failures.Take(10))}\n{log}");
        Assert.True(watch.Certificates > Rollovers, $"{watch.Certificates} certificates within {Patience} and {watch.Handshakes} handshakes:\n{log}\n{nginx.Log()}");
    }

    /// <summary>A client that looks away proves nothing: one that meets a certificate that has ended says so.</summary>
    [Fact]
    public async Task Watch_NotesAFailure_WhenTheCertificateHasEnded()
    {
        await using var nginx = new Nginx(Host);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var ended = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(-1));
        await File.WriteAllTextAsync(nginx.KeyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(nginx.Folder, Host + ".pem"), ended.ExportCertificatePem(), TestContext.Current.CancellationToken);
        nginx.Start();

        var watch = new HandshakeWatch(nginx.Port, Host, ended);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!watch.Failures.Any(failure => failure.Contains("NotTimeValid", StringComparison.Ordinal)) && !limit.IsCancellationRequested)
        {
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            moment.CancelAfter(TimeSpan.FromMilliseconds(200));
            await watch.RunAsync(1, moment.Token);
        }

        Assert.Contains(watch.Failures, failure => failure.Contains("NotTimeValid", StringComparison.Ordinal));
        Assert.Equal(0, watch.Certificates);
    }

    /// <returns>The star-certificate URL of an order by a new account, its key in this file.</returns>
    private static async Task<string> OrderAsync(PortalApplication portal, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        using var client = new AcmeClient(portal.Client);
        Assert.Equal(201, (int)(await client.RegisterAsync()).Status);
        var order = AcmeClient.OrderOf(Host);
        order["auto-renewal"] = new JsonObject
        {
            ["end-date"] = StarOrderScene.Text(TimeProvider.System.GetUtcNow().AddHours(1)), ["lifetime"] = Lifetime, ["lifetime-adjust"] = Lifetime, ["allow-certificate-get"] = true,
        };
        var placed = await client.AskAsync(await client.UrlOfAsync("newOrder"), order);
        Assert.Equal(201, (int)placed.Status);
        return StarOrderScene.UrlOf(await client.FinalizeAsync(placed, OrderScene.Csr(key, "", Host)));
    }

    private static string RootOf(PortalApplication portal) => Path.Combine(portal.DataDirectory, "pki", "root.pem");

    private static string[] Arguments(PortalApplication portal, Nginx nginx, string url) =>
        [Repository.WebProgram, "star", "fetch", url, "--out", nginx.Folder, "--name", Host, "--ca-file", RootOf(portal)];

    private static Task<Tool> FetchOnceAsync(PortalApplication portal, Nginx nginx, string url) => Tool.RunAsync("dotnet", [.. Arguments(portal, nginx, url), "--once"]);

    private static Process StartFetch(PortalApplication portal, Nginx nginx, string url) =>
        Process.Start(new ProcessStartInfo("dotnet", [.. Arguments(portal, nginx, url), "--exec", nginx.ReloadCommand]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;

    /// <returns>What it printed.</returns>
    private static async Task<string> StopAsync(Process fetch)
    {
        var (output, error) = (fetch.StandardOutput.ReadToEndAsync(), fetch.StandardError.ReadToEndAsync());
        fetch.Kill(entireProcessTree: true);
        await fetch.WaitForExitAsync(TestContext.Current.CancellationToken);
        return $"{await output}{await error}";
    }
}

/// <summary>Tests against the real clock, for which the machine has to be theirs: no other runs beside them.</summary>
[CollectionDefinition(nameof(AloneTests), DisableParallelization = true)]
public sealed class AloneTests;

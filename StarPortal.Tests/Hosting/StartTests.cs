using System.Net;
using System.Net.Sockets;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Hosting;

/// <summary>Starting, refusing to start, and ending.</summary>
[Trait("Category", "Interop")]
public sealed class StartTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Theory]
    [InlineData("Portal:HttpsPort", "seven", "Portal:HttpsPort")]
    [InlineData("Portal:HttpsPort", "70000", "Portal:HttpsPort")]
    [InlineData("Star:LookupPort", "70000", "Star:LookupPort")]
    [InlineData("MyProxy:Port", "70000", "MyProxy:Port")]
    [InlineData("MyProxy:Prot", "7512", "MyProxy")]
    [InlineData("MyProxy:IdleTimeout", "00:00:00", "MyProxy:IdleTimeout")]
    [InlineData("Registry:Outside:Url", "http://registry.example.org/", "Registry:Outside:Url")]
    [InlineData("Registry:KeepEnded", "00:00:01", "Registry:KeepEnded")]
    [InlineData("Registry:Outsied", "x", "Registry")]
    [InlineData("Portal:ListenAddress", "somewhere", "Portal:ListenAddress")]
    [InlineData("Portal:PublicUrl", "http://portal.example.org", "Portal:PublicUrl")]
    [InlineData("Portal:TrustedProxies:0", "everybody", "Portal:TrustedProxies")]
    [InlineData("Portal:HttpsProt", "8443", "HttpsProt")]
    [InlineData("Database:Provider", "PostgreSql", "Database:ConnectionString")]
    [InlineData("Acme:Validation:Timeout", "00:00:40", "Acme:ValidationTimeout")]
    [InlineData("Portal:DataDirectory", "/dev/null/x", "Portal:DataDirectory")]
    public Task Start_IsRefusedInOneClearLine_WhenASettingIsUnusable(string setting, string value, string named) => RefusedAsync(new() { [setting] = value }, named);

    [Fact]
    public async Task Start_IsRefusedInOneClearLine_WhenTheDatabaseIsNotThere()
    {
        var port = FreePorts.Take(1)[0];
        await RefusedAsync(new() { ["Database:Provider"] = "PostgreSql", ["Database:ConnectionString"] = $"Host=127.0.0.1;Port={port};Username=nobody;Timeout=2" }, "Database:ConnectionString");
    }

    [Fact]
    public async Task Start_IsRefusedInOneClearLine_WhenTheServerKeyIsMissing() =>
        await RefusedAsync(new() { ["Authority:ServerKeySource"] = "SecretFile", ["Authority:ServerKeyLocation"] = "/nowhere/server.key" }, "Authority:ServerKeyLocation");

    [Fact]
    public async Task Start_IsRefusedInOneClearLine_WhenTheServerKeyIsAnother()
    {
        await using var portal = await PortalApplication.StartAsync();
        await portal.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(portal.DataDirectory, "keys", "server.key"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        var before = portal.Output.Length;
        portal.Start(NoEnvironment);
        await RequireOneLineAsync(portal, "from the same backup", before);
    }

    [Fact]
    public async Task Demo_IsRefused_InProduction()
    {
        await using var portal = await PortalApplication.PrepareAsync();
        portal.Start(new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" });
        Assert.Equal(1, await portal.WaitForExitAsync());
        Assert.Contains("Portal:Demo", portal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IsRefused_WhenThePortIsTaken()
    {
        await using var first = await PortalApplication.StartAsync();
        await using var second = await PortalApplication.PrepareAsync(new Dictionary<string, string> { ["Portal:HttpsPort"] = $"{first.BaseUrl.Port}" });
        second.Start(NoEnvironment);
        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains($"{first.BaseUrl.Port}", second.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Star:LookupPort")]
    [InlineData("MyProxy:Port")]
    public async Task Start_IsRefused_WhenAPortIsTaken(string setting)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = $"{((IPEndPoint)other.LocalEndpoint).Port}";
        await RefusedAsync(new() { [setting] = port }, $"port {port} ({setting})");
    }

    [Fact]
    public async Task FirstStart_PrintsTheSetUpLinkOnce_AndNoPasswordExists()
    {
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string> { ["Portal:Demo"] = "false" });
        var link = Assert.Single(portal.Output.Split('\n'), line => line.Contains("/setup/", StringComparison.Ordinal)).Trim();
        using var page = await portal.Client.GetAsync(new Uri(link), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.False(File.Exists(Path.Combine(portal.DataDirectory, "demo-accounts.json")));

        await portal.StopAsync();
        await portal.RestartAsync();
        Assert.Single(portal.Output.Split('\n'), line => line.Contains("/setup/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_IsGraceful_AndARestartKeepsTheAuthority()
    {
        await using var portal = await PortalApplication.StartAsync();
        var root = await File.ReadAllTextAsync(Path.Combine(portal.DataDirectory, "pki", "root.pem"), TestContext.Current.CancellationToken);

        Assert.Equal(0, await portal.StopAsync());
        await portal.RestartAsync();

        Assert.Equal(root, await File.ReadAllTextAsync(Path.Combine(portal.DataDirectory, "pki", "root.pem"), TestContext.Current.CancellationToken));
        using var page = await portal.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Start_FinishesWhatAKillLeftHalfMade()
    {
        await using var portal = await PortalApplication.PrepareAsync();
        portal.Start(NoEnvironment);
        await portal.WaitForAsync(() => Directory.Exists(Path.Combine(portal.DataDirectory, "keys")));
        await portal.KillAsync();
        await portal.RestartAsync();
        using var page = await portal.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task RateLimit_AnswersWithWhenToComeBack_WhenAnAddressAsksTooMuch()
    {
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string> { ["RateLimits:RequestsPerMinute"] = "200" });
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 400 && refused is null; i++)
        {
            var answer = await portal.Client.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests) refused = answer;
            else answer.Dispose();
        }

        Assert.NotNull(refused?.Headers.RetryAfter);
        refused.Dispose();
    }

    [Fact]
    public async Task Portal_RunsOnPostgreSql()
    {
        await using var portal = await PortalApplication.StartAsync(onPostgreSql: true);
        using var page = await portal.Client.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("database: ok", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(Dictionary<string, string> settings, string named)
    {
        await using var portal = await PortalApplication.PrepareAsync(settings);
        portal.Start(NoEnvironment);
        await RequireOneLineAsync(portal, named);
    }

    private static async Task RequireOneLineAsync(PortalApplication portal, string named, int from = 0)
    {
        Assert.Equal(1, await portal.WaitForExitAsync());
        var line = Assert.Single(portal.Output[from..].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith("starportal: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}

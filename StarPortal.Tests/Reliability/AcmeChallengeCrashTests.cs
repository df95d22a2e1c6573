using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// As <see cref="AcmeCrashTests"/> with http-01: a choice and its outcome are written together, so that the kill falls between what was asked outside and
/// what is on record. What a client was told of a challenge, an authorization or an order is so afterwards, and what was begun comes to its end.
/// </summary>
[Trait("Category", "Interop")]
public sealed class AcmeChallengeCrashTests
{
    private const int Clients = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoChallengeIsForgotten_AndNoneIsIssuedTwice_WhenTheProcessIsKilled()
    {
        await using var dns = await ChallengeServer.StartAsync();
        ConcurrentDictionary<string, string> keyAuthorizations = new(StringComparer.Ordinal);
        await using var host = ScriptedServer.Http(System.Net.IPAddress.Loopback, head => Answer(keyAuthorizations, head));
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Acme:DnsServers:0"] = $"127.0.0.1:{dns.DnsPort}", ["Acme:AllowPrivateAddresses"] = "true", ["Acme:Http01Port"] = $"{host.Port}", ["Acme:RateLimits:Enabled"] = "false",
            ["Acme:ValidationRetryDelay"] = "00:00:00.2",
        });
        var flows = Enumerable.Range(0, Clients).Select(number => new Flow(portal, keyAuthorizations, number)).ToArray();
        foreach (var some in flows.Chunk(20)) await Task.WhenAll(some.Select(flow => flow.RegisterAsync()));

        foreach (var downloads in new[] { 5, 100 })
        {
            var work = Array.ConvertAll(flows, flow => flow.RunUntilKilledAsync());
            await portal.WaitForAsync(() => flows.Sum(flow => flow.Downloads) >= downloads);
            await portal.KillAsync();
            await Task.WhenAll(work);
            await portal.RestartAsync();
            foreach (var some in flows.Chunk(20)) await Task.WhenAll(some.Select(flow => flow.RequireAsToldAsync()));
        }

        Assert.Contains(flows, flow => flow.Unfinished > 0);
        await using var db = portal.NewDb();
        var sources = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SourceKey.StartsWith("acme-order:")).Select(certificate => certificate.SourceKey).ToListAsync(Ct);
        var valid = await db.AcmeOrders.AsNoTracking().Where(order => order.CertificateSerial != null).Select(order => order.Id).ToListAsync(Ct);
        Assert.Equal(valid.Select(id => $"acme-order:{id}").Order(StringComparer.Ordinal), sources.Order(StringComparer.Ordinal));
        foreach (var flow in flows) flow.Dispose();
        await AuditLog.RequireIntactAsync(db);
    }

    private static string Answer(ConcurrentDictionary<string, string> keyAuthorizations, string head)
    {
        var token = head.Split(' ')[1].Split('/')[^1];
        return keyAuthorizations.TryGetValue(token, out var text) ? ScriptedServer.Ok(text) : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    }

    /// <summary>One client, with a new name for each order, so that nothing is validated already; it remembers what it was told.</summary>
    private sealed class Flow(PortalApplication portal, ConcurrentDictionary<string, string> keyAuthorizations, int number) : IDisposable
    {
        private readonly AcmeClient client = new(portal.Client);
        private readonly ConcurrentDictionary<string, string> names = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> validated = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, bool> done = new(StringComparer.Ordinal);
        private int orders;

        public int Downloads { get; private set; }

        /// <summary>Orders that were placed and had no certificate when the process died.</summary>
        public int Unfinished { get; private set; }

        public void Dispose() => client.Dispose();

        public async Task RegisterAsync() => Assert.Equal(201, (int)(await client.RegisterAsync()).Status);

        public async Task RunUntilKilledAsync()
        {
            try
            {
                while (true) await RunAsync();
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                // It was killed.
            }
        }

        public async Task RequireAsToldAsync()
        {
            foreach (var (url, name) in names.ToList())
            {
                var order = await client.AskAsync(url);
                Assert.Equal(200, (int)order.Status);
                if (validated.ContainsKey(url)) Assert.NotEqual("pending", StatusOf(order));
                if (done.ContainsKey(url)) Assert.Equal("valid", StatusOf(order));
                else Unfinished++;
                if (StatusOf(order) != "valid") await FinishAsync(order, url, name);
            }
        }

        private async Task RunAsync()
        {
            var name = $"o{orders++}.c{number}.crash.example.org";
            var order = await client.OrderAsync(name);
            Assert.Equal(201, (int)order.Status);
            names[order.Location!] = name;
            await FinishAsync(order, order.Location!, name);
            Downloads++;
        }

        private async Task FinishAsync(AcmeAnswer order, string url, string name)
        {
            if (StatusOf(order) == "pending") await ValidateAsync(order.Json["authorizations"]![0]!.GetValue<string>());
            validated[url] = true;
            var valid = await client.FinalizeAsync(order, OrderScene.Csr(name));
            Assert.Equal("valid", StatusOf(valid));
            done[url] = true;
            Assert.Equal(200, (int)(await client.AskAsync(valid.Json["certificate"]!.GetValue<string>())).Status);
        }

        /// <summary>Answers once; after a kill, the answer that was given before is carried on, or is given again.</summary>
        private async Task ValidateAsync(string url)
        {
            var authorization = await client.AskAsync(url);
            var challenge = authorization.Json["challenges"]!.AsArray().Single(candidate => candidate!["type"]!.GetValue<string>() == "http-01")!;
            var token = challenge["token"]!.GetValue<string>();
            keyAuthorizations[token] = $"{token}.{client.Key.Thumbprint}";
            if (challenge["status"]!.GetValue<string>() == "pending") await client.AskAsync(challenge["url"]!.GetValue<string>(), new JsonObject());
            while (StatusOf(authorization) == "pending") authorization = await client.AskAsync(url);
            Assert.Equal("valid", StatusOf(authorization));
        }

        private static string StatusOf(AcmeAnswer answer) => answer.Json["status"]!.GetValue<string>();
    }
}

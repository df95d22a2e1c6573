using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>The real process is killed while 200 ACME clients are at work: what a client was told is so, and no order has two certificates.</summary>
[Trait("Category", "Interop")]
public sealed class AcmeCrashTests
{
    private const string Waived = "crash.example.org";
    private const int Clients = 200;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Acme:Namespaces:0:Suffix"] = Waived, ["Acme:Namespaces:0:Challenge"] = "waived", ["Acme:RateLimits:Enabled"] = "false",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task NoOrderIsLost_AndNoneIsIssuedTwice_WhenTheProcessIsKilled() => RunAsync(onPostgreSql: false);

    [Fact]
    public Task NoOrderIsLost_AndNoneIsIssuedTwice_WhenTheProcessIsKilledOnPostgreSql() => RunAsync(onPostgreSql: true);

    private static async Task RunAsync(bool onPostgreSql)
    {
        await using var portal = await PortalApplication.StartAsync(Settings, onPostgreSql: onPostgreSql);
        var flows = new Flow[Clients];
        for (var number = 0; number < Clients; number++) flows[number] = new Flow(portal, number);
        foreach (var some in flows.Chunk(20)) await Task.WhenAll(some.Select(flow => flow.RegisterAsync()));

        // Early, when most have only placed an order, and later, in the midst of issuing.
        foreach (var downloads in new[] { 10, 300 })
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
        await RequireIssuedOnceAsync(db, flows);
        foreach (var flow in flows) flow.Dispose();
        await AuditLog.RequireIntactAsync(db);
    }

    private static async Task RequireIssuedOnceAsync(PortalDbContext db, Flow[] flows)
    {
        var sources = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SourceKey!.StartsWith("acme-order:")).Select(certificate => certificate.SourceKey!).ToListAsync(Ct);
        var valid = await db.AcmeOrders.AsNoTracking().Where(order => order.CertificateSerial != null).Select(order => order.Id).ToListAsync(Ct);
        Assert.Equal(valid.Select(id => $"acme-order:{id}").Order(StringComparer.Ordinal), sources.Order(StringComparer.Ordinal));
        Assert.Superset(flows.SelectMany(flow => flow.Certificates.Keys).Select(url => Guid.ParseExact(url[^32..], "N")).ToHashSet(), valid.ToHashSet());
    }

    /// <summary>One client, which remembers what it was told.</summary>
    private sealed class Flow(PortalApplication portal, int number) : IDisposable
    {
        private readonly AcmeClient client = new(portal.Client);
        private readonly ConcurrentDictionary<string, AcmeAnswer> told = new(StringComparer.Ordinal);

        public int Downloads { get; private set; }

        /// <summary>Orders that were placed and had no certificate when the process died.</summary>
        public int Unfinished { get; private set; }

        /// <summary>What was downloaded, by the order's URL.</summary>
        public ConcurrentDictionary<string, string> Certificates { get; } = new(StringComparer.Ordinal);

        private string Name => $"c{number}.{Waived}";

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

        /// <summary>After the restart, everything is as far as this client was told, or further; what was begun can be ended.</summary>
        public async Task RequireAsToldAsync()
        {
            foreach (var (url, known) in told.ToList())
            {
                var order = await client.AskAsync(url);
                Assert.Equal(200, (int)order.Status);
                if (StatusOf(known) == "valid") Assert.Equal(known.Json.ToJsonString(), order.Json.ToJsonString());
                else Unfinished++;
                if (StatusOf(order) == "ready") order = await client.FinalizeAsync(order, OrderScene.Csr(Name));
                Assert.Equal("valid", StatusOf(order));
                var certificate = (await client.AskAsync(order.Json["certificate"]!.GetValue<string>())).Text;
                Assert.Equal(Certificates.GetOrAdd(url, certificate), certificate);
                told[url] = order;
            }
        }

        private async Task RunAsync()
        {
            var order = await client.OrderAsync(Name);
            Assert.Equal(201, (int)order.Status);
            told[order.Location!] = order;
            var done = await client.FinalizeAsync(order, OrderScene.Csr(Name));
            Assert.Equal("valid", StatusOf(done));
            told[order.Location!] = done;
            Certificates[order.Location!] = (await client.AskAsync(done.Json["certificate"]!.GetValue<string>())).Text;
            Downloads++;
        }

        private static string StatusOf(AcmeAnswer order) => order.Json["status"]!.GetValue<string>();
    }
}

using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed again and again while 1,000 STAR orders run from their first to their last certificate: a week of six-hour certificates,
/// with seconds for hours.
/// </summary>
[Trait("Category", "Interop")]
public sealed class StarCrashTests
{
    private const string Waived = "crash.example.org";
    private const int Orders = 1_000;
    private const int Clients = 20;
    private const int Kills = 5;

    /// <summary>As a week has of six hours.</summary>
    private const int Slots = 28;

    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Acme:Namespaces:0:Suffix"] = Waived, ["Acme:Namespaces:0:Challenge"] = "waived", ["Acme:RateLimits:Enabled"] = "false", ["Star:MinLifetime"] = "00:00:01", ["Portal:Demo"] = "false",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EverySlotIsIssuedOnce_WhenTheProcessIsKilledAgainAndAgain()
    {
        var numbers = new SeededNumbers(8739);
        await using var portal = await PortalApplication.StartAsync(Settings);
        var start = TimeProvider.System.GetUtcNow().AddSeconds(20);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => OrderAsync(portal, client, start), Ct)));
        for (var kill = 1; kill <= Kills; kill++)
        {
            var issued = Orders + (Orders * (Slots - 1) * kill / (Kills + 1)) + numbers.Below(Orders);
            await portal.WaitForAsync(() => CountIssued(portal) >= issued);
            await portal.KillAsync();
            await portal.RestartAsync();
        }

        await portal.WaitForAsync(() => CountDue(portal) == 0);
        await using var db = portal.NewDb();
        var orders = await db.StarOrders.AsNoTracking().ToListAsync(Ct);
        Assert.Equal(Orders, orders.Count);
        var certificates = (await db.StarCertificates.AsNoTracking().Select(certificate => new { certificate.OrderId, certificate.Slot, certificate.SerialNumber, certificate.NotBefore, certificate.NotAfter }).ToListAsync(Ct))
            .ToLookup(certificate => certificate.OrderId);
        foreach (var order in orders)
        {
            var plan = order.Schedule!;
            Assert.Equal(plan.SlotCount, order.NextSlot);
            Assert.Equal(
                Enumerable.Range(0, (int)plan.SlotCount).Select(slot => (plan[slot].NotBefore, plan[slot].NotAfter)),
                certificates[order.Id].OrderBy(certificate => certificate.Slot).Select(certificate => (certificate.NotBefore, certificate.NotAfter)));
        }

        Assert.True(orders.Sum(order => order.NextSlot) > Orders * Slots / 2, "The orders were placed too slowly for the test to mean much.");
        await AuditLog.RequireIntactAsync(db);
    }

    private static async Task OrderAsync(PortalApplication portal, int number, DateTimeOffset start)
    {
        using var client = new AcmeClient(portal.Client);
        Assert.Equal(201, (int)(await client.RegisterAsync()).Status);
        for (var i = 0; i < Orders / Clients; i++)
        {
            var name = $"o{number}-{i}.{Waived}";
            var order = AcmeClient.OrderOf(name);
            order["auto-renewal"] = new JsonObject { ["start-date"] = StarOrderScene.Text(start), ["end-date"] = StarOrderScene.Text(start.AddSeconds(Slots)), ["lifetime"] = 1 };
            var placed = await client.AskAsync(await client.UrlOfAsync("newOrder"), order);
            Assert.Equal(201, (int)placed.Status);
            Assert.Equal(200, (int)(await client.FinalizeAsync(placed, OrderScene.Csr(name))).Status);
        }
    }

    private static int CountIssued(PortalApplication portal)
    {
        using var db = portal.NewDb();
        return db.StarCertificates.Count();
    }

    private static int CountDue(PortalApplication portal)
    {
        using var db = portal.NewDb();
        return db.StarOrders.Count(order => order.DueAt != null);
    }
}

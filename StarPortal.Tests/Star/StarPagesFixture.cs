using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Jobs;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>A running portal where names below lab.example.org need no challenge, with STAR orders of the persona owner.</summary>
public sealed class StarPagesFixture : IAsyncLifetime
{
    public PortalApplication Portal { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Portal = await StartAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public Task<(Guid Id, string Url)> BeginAsync(string name = "star.lab.example.org", bool isOwners = true) => BeginAsync(Portal, name, isOwners);

    internal static Task<PortalApplication> StartAsync() => PortalApplication.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived", ["Acme:RateLimits:Enabled"] = "false",
    });

    /// <summary>A week of certificates of six hours.</summary>
    internal static async Task<(Guid Id, string Url)> BeginAsync(PortalApplication portal, string name, bool isOwners = true)
    {
        using var client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
        if (isOwners) await GiveAsync(portal, IdOf(client.AccountUrl!));
        await using var db = portal.NewDb();
        var ahead = await db.DemoClockSettings.Select(setting => setting.OffsetTicks).SingleOrDefaultAsync(Ct);
        var order = AcmeClient.OrderOf(name);
        order["auto-renewal"] = new JsonObject
        {
            ["end-date"] = StarOrderScene.Text(TimeProvider.System.GetUtcNow().AddTicks(ahead).AddDays(7)), ["lifetime"] = 21_600, ["allow-certificate-get"] = true,
        };
        var placed = await client.AskAsync(await client.UrlOfAsync("newOrder"), order);
        Assert.Equal(HttpStatusCode.Created, placed.Status);
        var valid = await client.FinalizeAsync(placed, OrderScene.Csr(name));
        return (IdOf(placed.Location!), StarOrderScene.UrlOf(valid));
    }

    private static async Task GiveAsync(PortalApplication portal, Guid accountId)
    {
        await using var db = portal.NewDb();
        var owner = await db.Users.Where(user => user.NormalizedUserName == "OWNER").Select(user => user.Id).SingleAsync(Ct);
        (await db.AcmeAccounts.SingleAsync(account => account.Id == accountId, Ct)).ChangeOwner(owner);
        await db.SaveChangesAsync(Ct);
    }

    private static Guid IdOf(string url) => Guid.Parse(url[(url.LastIndexOf('/') + 1)..]);
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>A portal over HTTPS whose clock and renewal engine the test drives; names below lab.example.org need no challenge.</summary>
internal sealed class StarOrderScene : IAsyncDisposable
{
    private StarOrderScene(WebPortal portal, FakeWorld world) => (Portal, World) = (portal, world);

    /// <summary>What validators and CAA answer.</summary>
    public FakeWorld World { get; }

    public WebPortal Portal { get; }

    public DateTimeOffset Now => Portal.Clock.Now;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<StarOrderScene> StartAsync(DatabaseProvider? provider = null, params (string Name, string Value)[] settings) => StartAsync(provider, _ => { }, settings);

    public static async Task<StarOrderScene> StartAsync(DatabaseProvider? provider, Action<IServiceCollection> replace, params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value, StringComparer.Ordinal);
        (all["Acme:Namespaces:0:Suffix"], all["Acme:Namespaces:0:Challenge"]) = ("lab.example.org", "waived");
        var world = new FakeWorld();
        return new StarOrderScene(await WebPortal.StartAsync(all, provider, services =>
        {
            services.RemoveAll<IChallengeValidator>().RemoveAll<ICaaChecker>();
            foreach (var type in Enum.GetValues<ChallengeType>()) services.AddSingleton<IChallengeValidator>(new FakeValidator(type, world));
            services.AddSingleton<ICaaChecker>(world);
            replace(services);
        }), world);
    }

    /// <summary>Somebody who is told of what concerns nobody in particular.</summary>
    public async Task AddAdministratorAsync()
    {
        var user = new PortalUser { UserName = "root", NormalizedUserName = "ROOT", FullName = "Root", Email = "root@example.org", NormalizedEmail = "ROOT@EXAMPLE.ORG", EmailConfirmed = true, SecurityStamp = "1", CreatedAt = Now };
        await using var db = Portal.NewDb();
        db.Users.Add(user);
        db.RoleGrants.Add(RoleGrant.To(user.Id, PortalRole.Administrator, null, isDeputy: false, Now, null, Actor.System("test")));
        await db.SaveChangesAsync(Ct);
    }

    public async Task<AcmeClient> NewAccountAsync()
    {
        var client = new AcmeClient(Portal.Client);
        Assert.Equal(201, (int)(await client.RegisterAsync()).Status);
        return client;
    }

    /// <summary>An auto-renewal object of a day's certificates of six hours that anybody may fetch; the test changes what it is about.</summary>
    public JsonObject Renewal(Action<JsonObject>? change = null)
    {
        var renewal = new JsonObject { ["end-date"] = Text(Now.AddDays(1)), ["lifetime"] = 21_600, ["allow-certificate-get"] = true };
        change?.Invoke(renewal);
        return renewal;
    }

    public async Task<AcmeAnswer> OrderAsync(AcmeClient client, JsonNode? renewal, string name = "star.lab.example.org")
    {
        var order = AcmeClient.OrderOf(name);
        order["auto-renewal"] = renewal;
        return await client.AskAsync(Portal.Get<AcmeLinks>().NewOrder, order);
    }

    /// <summary>A name that has to be validated: ordered, answered by http-01, finalized.</summary>
    public async Task<AcmeAnswer> BeginValidatedAsync(AcmeClient client, string name = "star.example.net")
    {
        var order = await OrderAsync(client, Renewal(), name);
        var authorization = await client.PostAsync(order.Json["authorizations"]![0]!.GetValue<string>());
        var challenge = authorization.Json["challenges"]!.AsArray().Single(one => one!["type"]!.GetValue<string>() == "http-01")!;
        await client.AskAsync(challenge["url"]!.GetValue<string>(), new JsonObject());
        await Portal.Get<ValidationWorker>().AttemptDueAsync(Ct);
        return await client.FinalizeAsync(order, OrderScene.Csr(name));
    }

    /// <summary>Ordered and finalized.</summary>
    public async Task<AcmeAnswer> BeginAsync(AcmeClient client, JsonObject? renewal = null, string name = "star.lab.example.org")
    {
        var order = await OrderAsync(client, renewal ?? Renewal(), name);
        Assert.Equal(201, (int)order.Status);
        return await client.FinalizeAsync(order, OrderScene.Csr(name));
    }

    /// <summary>What the worker would do now.</summary>
    public async Task<int> RenewAsync()
    {
        var engine = Portal.Get<RenewalEngine>();
        var all = 0;
        while (await engine.RenewDueAsync(Ct) is > 0 and var due) all += due;
        return all;
    }

    /// <summary>The clock goes on, and what is due then is done.</summary>
    public Task<int> PassAsync(TimeSpan time)
    {
        Portal.Clock.Advance(time);
        return RenewAsync();
    }

    public async Task<AcmeAnswer> GetAsync(AcmeAnswer order, HttpMethod? method = null) => await new AcmeClient(Portal.Client).GetAsync(UrlOf(order), method);

    public static string UrlOf(AcmeAnswer order) => order.Json["star-certificate"]!.GetValue<string>();

    public static X509Certificate2 Read(AcmeAnswer fetched) => X509Certificate2.CreateFromPem(fetched.Text);

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 9773 5: a renewal that we asked for passes the rate limits of orders; nothing else does.</summary>
[Trait("Category", "Unit")]
public sealed class OrderAllowanceTests
{
    private const string Name = "a.lab.example.org";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OrdersPerAccount")]
    [InlineData("OrdersPerAddress")]
    [InlineData("OrdersPerIdentifier")]
    public async Task Renewal_InItsWindow_PassesTheLimit_ThatStopsOthers(string limit)
    {
        await using var scene = await StartAsync(limit);
        var (caller, renewal) = await IssueAsync(scene);
        await GoToAsync(scene, renewal, TimeSpan.FromMinutes(1));
        await UseUpAsync(scene, caller);

        Assert.Equal(AcmeOrderStatus.Ready, (await scene.OrderAsync(caller, renewal)).Status);
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, Name));
    }

    [Theory]
    [InlineData("OrdersPerAccount")]
    [InlineData("OrdersPerAddress")]
    [InlineData("OrdersPerIdentifier")]
    public async Task Renewal_BeforeItsWindow_IsCounted(string limit)
    {
        await using var scene = await StartAsync(limit);
        var (caller, renewal) = await IssueAsync(scene);
        await GoToAsync(scene, renewal, TimeSpan.FromMinutes(-1));
        await UseUpAsync(scene, caller);
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, renewal));
    }

    [Fact]
    public async Task Renewal_AfterItsWindow_Passes_UntilTheCertificateEnds()
    {
        await using var scene = await StartAsync("OrdersPerAccount");
        var (caller, renewal) = await IssueAsync(scene);
        var (_, ended) = await IssueAsync(scene, caller, "b.lab.example.org");
        var window = await WindowAsync(scene, renewal);
        scene.Portal.Clock.SetTo(window.End + TimeSpan.FromMinutes(1));
        await UseUpAsync(scene, caller);
        await scene.OrderAsync(caller, renewal);

        scene.Portal.Clock.SetTo(window.Start + ((window.End - window.Start) * 4)); // Two thirds and four tenths of its life.
        await UseUpAsync(scene, caller);
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, ended));
    }

    [Fact]
    public async Task Renewal_OfARevokedCertificate_PassesAtOnce()
    {
        await using var scene = await StartAsync("OrdersPerAccount");
        var (caller, renewal) = await IssueAsync(scene);
        var serial = scene.Portal.Get<CertificateIds>().Read(renewal.Replaces!)!.Value;
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, renewal));
        await using var db = scene.Portal.NewDb();
        scene.Portal.Get<CertificateAuthority>().Revoke(db, await db.IssuedCertificates.SingleAsync(certificate => certificate.SerialNumber == serial, Ct), RevocationReason.Superseded, Actor.System("test"));
        await db.SaveChangesAsync(Ct);
        await scene.OrderAsync(caller, renewal);
    }

    /// <summary>The first passes, the second is refused as such, and that refusal takes the place that was left.</summary>
    [Fact]
    public async Task Renewal_OfWhatIsReplacedAlready_IsCounted()
    {
        await using var scene = await StartAsync("OrdersPerAccount");
        var (caller, renewal) = await IssueAsync(scene);
        await GoToAsync(scene, renewal, TimeSpan.FromMinutes(1));
        await scene.OrderAsync(caller, renewal);
        await OrderScene.RefusedAsync(AcmeProblemType.AlreadyReplaced, () => scene.OrderAsync(caller, renewal));
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, "c.lab.example.org"));
    }

    /// <summary>An order that came to nothing frees the certificate for another: that one is not free of charge, or the limits would be no limits.</summary>
    [Fact]
    public async Task Renewal_AfterOneThatFailed_IsCounted()
    {
        await using var scene = await StartAsync("OrdersPerAccount", ("Acme:AuthorizationLifetime", "00:00:00"));
        var caller = await scene.AddAccountAsync();
        var (_, renewal) = await IssueAsync(scene, caller, "www.example.net");
        await GoToAsync(scene, renewal, TimeSpan.FromMinutes(1));
        var failed = await scene.OrderAsync(caller, renewal);
        await scene.Portal.Get<AuthorizationService>().DeactivateAsync(caller, failed.Authorizations[0].Id, Ct);
        await scene.OrderAsync(caller, renewal);
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, "c.lab.example.org"));
    }

    [Fact]
    public async Task Renewal_OfAnothersCertificate_IsCounted()
    {
        await using var scene = await StartAsync("OrdersPerAccount");
        var (_, renewal) = await IssueAsync(scene);
        await GoToAsync(scene, renewal, TimeSpan.FromMinutes(1));
        var other = await scene.AddAccountAsync();
        await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.OrderAsync(other, renewal));
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(other, "c.lab.example.org"));
    }

    /// <summary>What the database counts, for another node or after a restart, does not bring them back.</summary>
    [Fact]
    public async Task Renewals_AreNotCounted_OnAnotherNode()
    {
        await using var scene = await StartAsync("OrdersPerAccount");
        var caller = await scene.AddAccountAsync();
        var renewals = new[] { (await IssueAsync(scene, caller, Name)).Renewal, (await IssueAsync(scene, caller, "b.lab.example.org")).Renewal };
        await GoToAsync(scene, renewals[1], TimeSpan.FromMinutes(1));
        foreach (var renewal in renewals) await scene.OrderAsync(caller, renewal);

        await NewNode(scene).TakeOrderAsync(caller.Account.Id, Ct);
        await scene.OrderAsync(caller, "c.lab.example.org");
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => NewNode(scene).TakeOrderAsync(caller.Account.Id, Ct).AsTask());
    }

    private static AcmeLimits NewNode(OrderScene scene) =>
        new(scene.Portal.Get<IDbContextFactory<PortalDbContext>>(), scene.Portal.Get<IOptions<AcmeOptions>>(), scene.Portal.Clock);

    private static Task<OrderScene> StartAsync(string limit, params (string Name, string Value)[] settings) =>
        OrderScene.StartAsync(settings: [($"Acme:RateLimits:{limit}", "1"), ("Acme:RateLimits:IdentifierWindow", "01:00:00"), .. settings]);

    private static async Task<(AcmeCaller Caller, NewOrder Renewal)> IssueAsync(OrderScene scene) => await IssueAsync(scene, await scene.AddAccountAsync(), Name);

    /// <summary>A certificate, and the order that would renew it. An hour later, when the limits have room again.</summary>
    private static async Task<(AcmeCaller Caller, NewOrder Renewal)> IssueAsync(OrderScene scene, AcmeCaller caller, string name)
    {
        scene.Portal.Clock.Advance(TimeSpan.FromHours(1));
        var issued = await scene.FinalizeAsync(caller, await scene.ReadyAsync(caller, name));
        return (caller, OrderScene.New(name) with { Replaces = scene.Portal.Get<CertificateIds>().Write(issued.Order.CertificateSerial!.Value) });
    }

    private static async Task GoToAsync(OrderScene scene, NewOrder renewal, TimeSpan fromStart) => scene.Portal.Clock.SetTo((await WindowAsync(scene, renewal)).Start + fromStart);

    private static Task<RenewalWindow> WindowAsync(OrderScene scene, NewOrder renewal) => scene.Portal.Get<RenewalInfoService>().GetAsync(renewal.Replaces!, Ct);

    /// <summary>An order like any other takes the one place that there is.</summary>
    private static async Task UseUpAsync(OrderScene scene, AcmeCaller caller)
    {
        await scene.OrderAsync(caller, Name);
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, Name));
    }
}

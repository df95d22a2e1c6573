using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

/// <summary>What the pages show of accounts and orders, and to whom.</summary>
[Trait("Category", "Unit")]
public sealed class ReadModelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order_IsSeenByItsOwnerAndAdministrators_AndDoesNotExistForOthers()
    {
        await using var scene = await OrderScene.StartAsync();
        var (owner, stranger) = (await scene.Portal.AddPersonAsync(PortalRole.Owner, null), await scene.Portal.AddPersonAsync(PortalRole.Owner, null));
        var order = await scene.OrderAsync(await scene.AddAccountAsync(owner.Id), "a.example.org");
        var search = scene.Portal.Get<OrderSearch>();

        Assert.Equal(order.Order.Id, (await search.GetAsync(order.Order.Id, owner, Ct)).Order.Id);
        Assert.Single((await search.FindAsync(new(), await scene.Portal.AddAdministratorAsync(), Ct)).Rows);
        Assert.Empty((await search.FindAsync(new() { IsOwn = true }, await scene.Portal.AddAdministratorAsync(), Ct)).Rows);
        Assert.Empty((await search.FindAsync(new(), stranger, Ct)).Rows);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => search.GetAsync(order.Order.Id, stranger, Ct))).Kind);
    }

    [Fact]
    public async Task Order_ShowsEachChallenge_AndWhatTheOneThatWasTriedGot()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var order = await scene.OrderAsync(caller, "a.example.org");
        var (search, administrator) = (scene.Portal.Get<OrderSearch>(), await scene.Portal.AddAdministratorAsync());
        var waiting = Assert.Single((await search.GetAsync(order.Order.Id, administrator, Ct)).Authorizations);
        Assert.Equal(["http-01", "dns-01", "tls-alpn-01", "dns-account-01"], waiting.Challenges.Select(challenge => challenge.Type.Token));

        await scene.RespondAsync(caller, order.Authorizations[0]);
        await scene.ValidateAsync();
        var shown = Assert.Single((await search.GetAsync(order.Order.Id, administrator, Ct)).Authorizations);
        Assert.Equal([("http-01", "valid")], shown.Challenges.Select(challenge => (challenge.Type.Token, challenge.Status)));
    }

    [Fact]
    public async Task Account_ShowsHowManyOrdersItPlaced()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        await scene.OrderAsync(caller, "a.example.org");
        await scene.OrderAsync(caller, "b.example.org");
        var row = Assert.Single((await scene.Portal.Get<AcmeAccountSearch>().FindAsync(new(caller.Account.Id.ToString("N")), await scene.Portal.AddAdministratorAsync(), Ct)).Rows);
        Assert.Equal(2, row.Orders);
    }

    [Fact]
    public async Task MassEvent_OfOneAccount_SparesTheOthers()
    {
        await using var scene = await OrderScene.StartAsync();
        var administrator = await scene.Portal.AddAdministratorAsync();
        var (hit, spared) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var (old, other) = (await IssueAsync(scene, hit, "a.lab.example.org"), await IssueAsync(scene, spared, "b.lab.example.org"));
        var events = scene.Portal.Get<MassEventService>();
        var scope = new MassEventScope(DateTimeOffset.UnixEpoch, scene.Now.AddMinutes(1), AccountId: hit.Account.Id);

        Assert.Equal(1, await events.CountAsync(scope, administrator, Ct));
        await events.DeclareAsync(scope, TimeSpan.FromHours(4), null, "test", administrator, Ct);
        Assert.Equal(scene.Now, (await old()).Start);
        Assert.True((await other()).Start > scene.Now);
    }

    private static async Task<Func<Task<RenewalWindow>>> IssueAsync(OrderScene scene, AcmeCaller caller, string name)
    {
        var order = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, name));
        var certificate = order.Order.CertificateSerial!.Value;
        var id = scene.Portal.Get<CertificateIds>();
        return () => scene.Portal.Get<RenewalInfoService>().GetAsync(id.Write(certificate), Ct);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Core.Mail;

namespace StarPortal.Tests.Delegation;

/// <summary>What owners hear of by mail, what lapses, and what is forgotten.</summary>
[Trait("Category", "Unit")]
public sealed class DelegationUpkeepTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Who floods with registrations makes one mail.</summary>
    [Fact]
    public async Task Owner_GetsOneMail_HoweverManyWait()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync(DelegationScene.Terms() with { Approval = DelegationApproval.Person });
        for (var i = 0; i < 3; i++) (await scene.RegisterAsync(DelegationScene.Registration())).Dispose();
        Assert.Equal($"CDN One asks for a certificate of {DelegationScene.Name}", Assert.Single(await SubjectsAsync(scene)));
    }

    [Fact]
    public async Task Order_ThatNobodyFinalizes_Lapses_AndIsForgottenInTheEnd()
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        var order = Acme.AcmeClient.OrderOf(DelegationScene.Name);
        (order["delegation"], order["allow-certificate-get"]) = ($"{scene.Portal.BaseUrl}delegation/delegation/{delegation.Id:N}", true);
        Assert.Equal(201, (int)(await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), order)).Status);

        scene.Portal.Clock.Advance(TimeSpan.FromHours(25));
        await scene.Portal.Get<DelegationUpkeepJob>().RunAsync(Ct);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(DelegatedOrderStatus.Invalid, await db.DelegatedOrders.Select(one => one.Status).SingleAsync(Ct));
        scene.Portal.Clock.Advance(TimeSpan.FromDays(91));
        await scene.Portal.Get<DelegationUpkeepJob>().RunAsync(Ct);
        Assert.Empty(await db.DelegatedOrders.ToListAsync(Ct));
    }

    [Fact]
    public async Task Order_ThatRuns_IsNeverForgotten()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync();
        scene.Portal.Clock.Advance(TimeSpan.FromDays(89));
        await scene.Portal.Get<DelegationUpkeepJob>().RunAsync(Ct);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(1, await db.DelegatedOrders.CountAsync(Ct));
    }

    /// <summary>Trouble is told when it is no chance any more, and once a day.</summary>
    [Fact]
    public async Task Owner_IsTold_WhenAnotherCaDoesNotRenew()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync();
        await FailAsync(scene, times: 2);
        await scene.Portal.Get<DelegationTroubleJob>().RunAsync(Ct);
        Assert.Empty(await SubjectsAsync(scene));
        await FailAsync(scene, times: 1);
        await scene.Portal.Get<DelegationTroubleJob>().RunAsync(Ct);
        await scene.Portal.Get<DelegationTroubleJob>().RunAsync(Ct);
        Assert.Equal($"Not renewed for a consumer: {DelegationScene.Name}", Assert.Single(await SubjectsAsync(scene)));
        Assert.Equal(1, (await scene.Portal.Get<DelegationTroubles>().ReadAsync(Ct)).Standing);
    }

    private static async Task FailAsync(DelegationScene scene, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await using var db = scene.Portal.NewDb();
            var order = await db.DelegatedOrders.SingleAsync(Ct);
            order.Await(scene.Portal.Clock.Now.AddHours(1), "rateLimited: too many certificates for this name");
            await db.SaveChangesAsync(Ct);
        }
    }

    private static async Task<List<string>> SubjectsAsync(DelegationScene scene)
    {
        await using var db = scene.Portal.NewDb();
        return await db.OutgoingMails.Select(mail => mail.Subject).Where(subject => subject != "example.org is in force").ToListAsync(Ct);
    }
}

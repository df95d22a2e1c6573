using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;

namespace StarPortal.Tests.Acme;

/// <summary>The figures of the dashboard, each against what was done.</summary>
[Trait("Category", "Unit")]
public sealed class AcmeOutlookTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figures_CountWhatWasDone()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:ValidationAttempts", "1"));
        var caller = await scene.AddAccountAsync();
        await IssueAsync(scene, caller, "old.lab.example.org");
        scene.Portal.Clock.Advance(TimeSpan.FromDays(1));
        await IssueAsync(scene, caller, "a.lab.example.org");
        await IssueAsync(scene, caller, "b.lab.example.org");
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Connection, "No answer."));
        await scene.RespondAsync(caller, (await scene.OrderAsync(caller, "fails.example.org")).Authorizations[0]);
        await scene.ValidateAsync();
        await scene.OrderAsync(caller, "open.example.org");
        await scene.RespondAsync(caller, (await scene.OrderAsync(caller, "waits.example.org")).Authorizations[0]);

        var figures = await ReadAsync(scene);
        Assert.Equal((14, 1L, 2L), (figures.IssuedByDay.Count, figures.IssuedByDay[^2].Value, figures.IssuedByDay[^1].Value));
        Assert.Equal(3, figures.IssuedByDay.Sum(day => day.Value));
        Assert.Equal([KeyValuePair.Create(AcmeProblemType.Connection, 1)], figures.FailuresByReason);
        Assert.Equal((2, 1), (figures.OpenOrders, figures.WaitingValidations));
    }

    [Theory]
    [InlineData(31, 0, 0)]
    [InlineData(29, 0, 1)]
    [InlineData(6, 1, 1)]
    [InlineData(0, 0, 0)]
    public async Task Expiries_AreThoseToCome(double daysBeforeItsEnd, int withinAWeek, int withinAMonth)
    {
        await using var scene = await OrderScene.StartAsync();
        var order = await IssueAsync(scene, await scene.AddAccountAsync(), "a.lab.example.org");
        await using var db = scene.Portal.NewDb();
        var certificate = await db.IssuedCertificates.SingleAsync(issued => issued.SourceKey == order.Order.SourceKey, Ct);
        scene.Portal.Clock.SetTo(certificate.NotAfter - TimeSpan.FromDays(daysBeforeItsEnd));
        var figures = await ReadAsync(scene);
        Assert.Equal((withinAWeek, withinAMonth), (figures.EndingIn7Days, figures.EndingIn30Days));
    }

    private static async Task<OrderView> IssueAsync(OrderScene scene, AcmeCaller caller, string name) => await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, name));

    private static async Task<AcmeFigures> ReadAsync(OrderScene scene) => await scene.Portal.Get<AcmeOutlook>().ReadAsync(await scene.Portal.AddAdministratorAsync(), Ct);
}

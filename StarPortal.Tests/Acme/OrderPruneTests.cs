using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

/// <summary>What is forgotten, and when.</summary>
[Trait("Category", "Unit")]
public sealed class OrderPruneTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EndedAuthorizations_OfEveryState_AreForgotten_AfterTheirTime()
    {
        await using var scene = await OrderScene.StartAsync(settings: [("Acme:KeepHistory", "10.00:00:00"), ("Acme:AuthorizationLifetime", "7.00:00:00"), ("Acme:ValidationAttempts", "1")]);
        var caller = await scene.AddAccountAsync();
        await scene.ReadyAsync(caller, "valid.example.org");
        await scene.OrderAsync(caller, "pending.example.org");
        await scene.Portal.Get<AuthorizationService>().DeactivateAsync(caller, (await scene.OrderAsync(caller, "given-up.example.org")).Authorizations[0].Id, Ct);
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Unauthorized, "no"));
        await scene.ReadyAsync(caller, "failed.example.org");
        Assert.Equal(4, (await StatesAsync(scene)).Distinct().Count());

        scene.Portal.Clock.Advance(TimeSpan.FromDays(16));
        await scene.OrderAsync(caller, "new.example.org");
        await PruneAsync(scene);
        Assert.Equal(5, (await StatesAsync(scene)).Count);
        scene.Portal.Clock.Advance(TimeSpan.FromDays(2));
        Assert.EndsWith("and 4 authorizations forgotten", await PruneAsync(scene), StringComparison.Ordinal);
        Assert.Equal([AcmeAuthorizationStatus.Pending], await StatesAsync(scene));
    }

    private static Task<string> PruneAsync(OrderScene scene) => scene.Portal.Get<OrderPruneJob>().RunAsync(Ct);

    private static async Task<List<AcmeAuthorizationStatus>> StatesAsync(OrderScene scene)
    {
        await using var db = scene.Portal.NewDb();
        return await db.AcmeAuthorizations.Select(authorization => authorization.Status).ToListAsync(Ct);
    }
}

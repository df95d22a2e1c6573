using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Attempts at challenges, and how their outcomes are written down: by one node, once.</summary>
[Trait("Category", "Unit")]
public sealed class ValidationAttemptTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Fact]
    public async Task Poll_DuringAnAttempt_IsAnsweredWithItsOutcome()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, view, gate, attempt) = await AttemptAsync(scene);

        var (authorization, order) = (scene.Portal.Get<AuthorizationService>().PollAsync(caller.Account, view.Authorizations[0].Id, Ct).AsTask(),
            scene.Portal.Get<OrderService>().PollAsync(caller.Account, view.Order.Id, Ct).AsTask());
        Assert.Equal((false, false), (authorization.IsCompleted, order.IsCompleted));
        gate.SetResult();

        Assert.Equal((AcmeAuthorizationStatus.Valid, AcmeOrderStatus.Ready), ((await authorization).Status, (await order).Status));
        Assert.Equal(1, await attempt);
    }

    [Fact]
    public async Task Poll_OfALongAttempt_IsAnsweredMeanwhile()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, view, gate, attempt) = await AttemptAsync(scene);

        Assert.Equal(AcmeAuthorizationStatus.Pending, (await scene.Portal.Get<AuthorizationService>().PollAsync(caller.Account, view.Authorizations[0].Id, Ct)).Status);
        gate.SetResult();
        await attempt;
    }

    /// <summary>An outcome that is known before the client is answered is written together with its choice; the client is told at once.</summary>
    [Fact]
    public async Task Outcome_ThatIsKnownAtOnce_IsWrittenWithTheChoice()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, pending) = await PendingAsync(scene);
        var choice = ChoiceOf(scene, caller, pending);
        await scene.Portal.Get<ValidationAttempt>().MakeAsync(new LeasedAttempt(choice.Preview(), null, choice), Ct);

        Assert.False(choice.TryTake());
        Assert.Equal(AcmeAuthorizationStatus.Valid, (await choice.Saved)?.Status);
        await using var db = scene.Portal.NewDb();
        Assert.Equal((AcmeAuthorizationStatus.Valid, ChallengeType.Http01), await db.AcmeAuthorizations.Select(row => new ValueTuple<AcmeAuthorizationStatus, ChallengeType?>(row.Status, row.Chosen)).SingleAsync(Ct));
        Assert.Equal([AuditAction.AcmeChallengeChosen, AuditAction.AcmeAuthorizationValid],
            await db.AuditRecords.Where(row => row.ObjectId == pending.Id.ToString()).OrderBy(row => row.Sequence).Select(row => row.Action).ToListAsync(Ct));
    }

    /// <summary>Of an attempt that takes longer, the choice is on record before the client is told to wait, and the outcome follows.</summary>
    [Fact]
    public async Task Outcome_ThatIsKnownLater_IsWrittenOnTopOfTheChoice()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, pending) = await PendingAsync(scene);
        var choice = ChoiceOf(scene, caller, pending);
        Assert.True(choice.TryTake());
        var attempt = scene.Portal.Get<ValidationAttempt>().MakeAsync(new LeasedAttempt(choice.Preview(), null, choice), Ct);
        Assert.True((await choice.SaveAsync(scene.Portal.Get<OrderStore>()))?.IsProcessing);
        await attempt;

        await using var db = scene.Portal.NewDb();
        Assert.Equal(AcmeAuthorizationStatus.Valid, (await db.AcmeAuthorizations.SingleAsync(Ct)).Status);
    }

    [Fact]
    public async Task Choice_ThatWasOvertaken_LeavesNothing()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, pending) = await PendingAsync(scene);
        var choice = ChoiceOf(scene, caller, pending);
        await scene.Portal.Get<AuthorizationService>().DeactivateAsync(caller, pending.Id, Ct);
        await scene.Portal.Get<ValidationAttempt>().MakeAsync(new LeasedAttempt(choice.Preview(), null, choice), Ct);

        Assert.Null(await choice.Saved);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(AcmeAuthorizationStatus.Deactivated, (await db.AcmeAuthorizations.SingleAsync(Ct)).Status);
        Assert.False(await db.AuditRecords.AnyAsync(row => row.Action == AuditAction.AcmeChallengeChosen, Ct));
    }

    /// <summary>A process that ended in the middle: its row is found, by itself after a restart and by another node after the lease.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Attempt_OfAProcessThatEnded_IsMadeByAnother(DatabaseProvider provider)
    {
        await using var scene = await OrderScene.StartAsync(provider: provider);
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        await scene.RespondAsync(caller, view.Authorizations[0]);
        while (scene.Portal.Get<ValidationBacklog>().Waiting.TryRead(out _))
        {
            // What was in memory is lost.
        }

        Assert.Equal(0, await scene.ValidateAsync());
        scene.Portal.Clock.Advance(ValidationBacklog.Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await scene.ValidateAsync());
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.ReadAsync(caller, view)).Status);
    }

    [Fact]
    public async Task Attempt_OfThisNodesFormerLife_IsTakenAtOnce()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        await scene.RespondAsync(caller, view.Authorizations[0]);
        var backlog = scene.Portal.Get<ValidationBacklog>();
        while (backlog.Waiting.TryRead(out _))
        {
            // What was in memory is lost.
        }

        Assert.Equal(1, await backlog.TakeDueAsync(withOwn: true, Ct));
        Assert.Equal(1, await scene.ValidateAsync());
    }

    /// <summary>An outcome that comes late, after the client gave the authorization up, changes nothing.</summary>
    [Fact]
    public async Task Outcome_ThatWasOvertaken_IsNotRecorded()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        await scene.RespondAsync(caller, view.Authorizations[0]);
        Assert.True(scene.Portal.Get<ValidationBacklog>().Waiting.TryRead(out var leased));
        await scene.Portal.Get<AuthorizationService>().DeactivateAsync(caller, view.Authorizations[0].Id, Ct);
        await scene.Portal.Get<ValidationAttempt>().MakeAsync(leased, Ct);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(AcmeAuthorizationStatus.Deactivated, (await db.AcmeAuthorizations.SingleAsync(Ct)).Status);
    }

    /// <summary>Whoever has nothing but servers that never end their answers waits for them alone.</summary>
    [Fact]
    public async Task Tarpits_OfOneAccount_LeaveSlotsToOthers()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:ValidationConcurrency", "4"));
        var (slow, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        string[] tarpits = ["a.slow.example", "b.slow.example", "c.slow.example", "d.slow.example", "e.slow.example"];
        scene.World.Tarpits.UnionWith(tarpits);
        var ends = new TaskCompletionSource();
        scene.World.Gate = ends.Task;
        var (theirs, mine) = (await scene.OrderAsync(slow, tarpits), await scene.OrderAsync(other, "a.example.org"));
        var worker = scene.Portal.Get<ValidationWorker>();
        await worker.StartAsync(Ct);

        foreach (var authorization in theirs.Authorizations) await scene.RespondAsync(slow, authorization);
        await scene.RespondAsync(other, mine.Authorizations[0]);
        await scene.World.ReachedOther.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        lock (scene.World.Asked) Assert.Single(scene.World.Asked, task => tarpits.Contains(task.Identifier.Value));

        // And those of the slow one are made in their turn, each of them.
        ends.SetResult();
        OrderView view;
        do view = await scene.Portal.Get<OrderService>().PollAsync(slow.Account, theirs.Order.Id, Ct);
        while (view.Status is AcmeOrderStatus.Pending);
        Assert.Equal(AcmeOrderStatus.Ready, view.Status);
        await worker.StopAsync(Ct);
    }

    private static async Task<(AcmeCaller Caller, AcmeAuthorization Pending)> PendingAsync(OrderScene scene)
    {
        var caller = await scene.AddAccountAsync();
        return (caller, (await scene.OrderAsync(caller, "a.example.org")).Authorizations[0]);
    }

    private static ChallengeChoice ChoiceOf(OrderScene scene, AcmeCaller caller, AcmeAuthorization pending) => new(
        pending,
        authorization => authorization.Choose(ChallengeType.Http01, "node", ValidationBacklog.Lease, scene.Now),
        () => AuditRecord.Of(AuditAction.AcmeChallengeChosen, caller.Actor, "authorization", pending.Id, scene.Now, "a.example.org by http-01"));

    /// <summary>An attempt at an order's one challenge that has begun, and does not end before the gate is opened.</summary>
    private static async Task<(AcmeCaller Caller, OrderView View, TaskCompletionSource Gate, Task<int> Attempt)> AttemptAsync(OrderScene scene)
    {
        var (caller, gate) = (await scene.AddAccountAsync(), new TaskCompletionSource());
        var view = await scene.OrderAsync(caller, "www.example.org");
        await scene.RespondAsync(caller, view.Authorizations[0]);
        scene.World.Gate = gate.Task;
        var attempt = scene.ValidateAsync();
        await scene.World.Reached.Task.WaitAsync(Ct);
        return (caller, view, gate, attempt);
    }
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Authorizations and challenges: RFC 8555 7.4.1, 7.5, 8.2.</summary>
[Trait("Category", "Unit")]
public sealed class AuthorizationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Theory]
    [InlineData("a.example.org", "http-01 dns-01 tls-alpn-01 dns-account-01")]
    [InlineData("*.example.org", "dns-01 dns-account-01")]
    [InlineData("192.0.2.7", "http-01 tls-alpn-01")]
    [InlineData("2001:db8::7", "http-01 tls-alpn-01")]
    public async Task Challenges_FitTheIdentifier(string name, string expected)
    {
        await using var scene = await OrderScene.StartAsync();
        var view = await scene.OrderAsync(await scene.AddAccountAsync(), name);
        var json = Json(scene, view.Authorizations[0]);
        var challenges = json.GetProperty("challenges").EnumerateArray().ToList();
        Assert.Equal(expected, string.Join(' ', challenges.Select(challenge => challenge.GetProperty("type").GetString())));
        Assert.Equal(name.StartsWith('*'), json.TryGetProperty("wildcard", out _));
        Assert.DoesNotContain("*", json.GetProperty("identifier").GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Equal(challenges.Count, challenges.Select(challenge => challenge.GetProperty("token").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(challenges, challenge => Assert.Matches("^[A-Za-z0-9_-]{43}$", challenge.GetProperty("token").GetString()));
    }

    [Fact]
    public async Task Response_LeadsToAReadyOrder()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        Assert.True((await scene.RespondAsync(caller, view.Authorizations[0])).IsProcessing);
        Assert.Equal(1, await scene.ValidateAsync());
        var ready = await scene.ReadAsync(caller, view);
        Assert.Equal(AcmeOrderStatus.Ready, ready.Status);
        Assert.Equal($"{ready.Authorizations[0].TokenOf(ChallengeType.Http01)}.{caller.Account.Thumbprint}", scene.World.Asked.Single().KeyAuthorization);
        // 7.1.4: of a valid authorization, the challenge that was tried alone.
        var challenge = Assert.Single(Json(scene, ready.Authorizations[0]).GetProperty("challenges").EnumerateArray());
        Assert.Equal("valid", challenge.GetProperty("status").GetString());
        Assert.True(challenge.TryGetProperty("validated", out _));
    }

    /// <summary>8.2: while it is retried it stays processing and shows the error.</summary>
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

    [Fact]
    public async Task FailedAttempt_IsRepeated_AndShown()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Connection, "192.0.2.80 port 80 refused the connection.", "192.0.2.80:80"));
        await scene.RespondAsync(caller, view.Authorizations[0]);
        await scene.ValidateAsync();
        var challenge = Json(scene, (await scene.ReadAsync(caller, view)).Authorizations[0]).GetProperty("challenges")[0];
        Assert.Equal("processing", challenge.GetProperty("status").GetString());
        Assert.Equal("urn:ietf:params:acme:error:connection", challenge.GetProperty("error").GetProperty("type").GetString());

        Assert.Equal(0, await scene.ValidateAsync());
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await scene.ValidateAsync());
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.ReadAsync(caller, view)).Status);
    }

    /// <summary>8.2: the client may ask for an attempt at once.</summary>
    [Fact]
    public async Task SecondResponse_MakesTheNextAttemptDueAtOnce()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Dns, "There is no such name."));
        await scene.RespondAsync(caller, view.Authorizations[0]);
        await scene.ValidateAsync();
        await scene.RespondAsync(caller, view.Authorizations[0]);
        Assert.Equal(1, await scene.ValidateAsync());
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.ReadAsync(caller, view)).Status);
    }

    [Fact]
    public async Task LastFailure_MakesAuthorizationAndOrderInvalid_WithTheReason()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:ValidationAttempts", "1"));
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org", "b.example.org");
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.IncorrectResponse, "Asked for the token, got a page.", "192.0.2.80:80"));
        await scene.RespondAsync(caller, view.Authorizations[0]);
        await scene.ValidateAsync();
        var invalid = await scene.ReadAsync(caller, view);
        Assert.Equal(AcmeOrderStatus.Invalid, invalid.Status);
        var json = Json(scene, invalid.Authorizations[0]);
        Assert.Equal("invalid", json.GetProperty("status").GetString());
        Assert.Equal("Asked for the token, got a page.", json.GetProperty("challenges")[0].GetProperty("error").GetProperty("detail").GetString());
        Assert.Equal("192.0.2.80:80", invalid.Authorizations[0].Trace);
        await OrderScene.RefusedAsync(AcmeProblemType.OrderNotReady, () => scene.FinalizeAsync(caller, invalid));
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

    [Fact]
    public async Task AnotherChallenge_MayBeTried_WhileTheFirstIsRepeated()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Connection, "No answer."));
        await scene.RespondAsync(caller, view.Authorizations[0]);
        await scene.ValidateAsync();
        await scene.RespondAsync(caller, view.Authorizations[0], ChallengeType.Dns01);
        await scene.ValidateAsync();
        var ready = await scene.ReadAsync(caller, view);
        Assert.Equal((AcmeOrderStatus.Ready, ChallengeType.Dns01), (ready.Status, ready.Authorizations[0].Chosen));
    }

    [Fact]
    public async Task ValidAuthorization_IsUsedAgain_ByTheSameAccountOnly()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var first = await scene.ReadyAsync(caller, "a.example.org", "*.example.org");
        var second = await scene.OrderAsync(caller, "a.example.org", "*.example.org");
        Assert.Equal(AcmeOrderStatus.Ready, second.Status);
        Assert.Equal(first.Order.AuthorizationIds, second.Order.AuthorizationIds);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(caller, "*.a.example.org")).Status);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(other, "a.example.org")).Status);
    }

    /// <summary>7.5.2.</summary>
    [Fact]
    public async Task Deactivation_EndsTheOrdersThatRestOnIt()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var ready = await scene.ReadyAsync(caller, "a.example.org");
        var service = scene.Portal.Get<AuthorizationService>();
        Assert.Equal(AcmeAuthorizationStatus.Deactivated, (await service.DeactivateAsync(caller, ready.Authorizations[0].Id, Ct)).Status);
        Assert.Equal(AcmeOrderStatus.Invalid, (await scene.ReadAsync(caller, ready)).Status);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(caller, "a.example.org")).Status);
    }

    /// <summary>7.4.1.</summary>
    [Fact]
    public async Task PreAuthorization_ServesALaterOrder()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var authorization = await scene.Portal.Get<AuthorizationService>().AddAsync(caller, AcmeIdentifier.Dns("a.example.org"), Ct);
        await scene.RespondAsync(caller, authorization);
        await scene.ValidateAsync();
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.OrderAsync(caller, "a.example.org")).Status);
    }

    [Fact]
    public async Task PreAuthorization_OfAWildcard_IsRefused()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        Assert.Equal(403, (await OrderScene.RefusedAsync(AcmeProblemType.RejectedIdentifier, () => scene.Portal.Get<AuthorizationService>().AddAsync(caller, AcmeIdentifier.Dns("*.example.org"), Ct))).Status);
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

    [Fact]
    public async Task TooManyFailures_OfOneName_AreRateLimited()
    {
        await using var scene = await OrderScene.StartAsync(settings: [("Acme:RateLimits:FailedValidations", "2"), ("Acme:ValidationAttempts", "1")]);
        var caller = await scene.AddAccountAsync();
        for (var i = 0; i < 2; i++)
        {
            scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Connection, "No answer."));
            await scene.RespondAsync(caller, (await scene.OrderAsync(caller, "a.example.org")).Authorizations[0]);
            await scene.ValidateAsync();
        }

        var view = await scene.OrderAsync(caller, "a.example.org");
        Assert.NotNull((await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.RespondAsync(caller, view.Authorizations[0]))).RetryAfter);
    }

    private static JsonElement Json(OrderScene scene, AcmeAuthorization authorization)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) OrderJson.Write(json, authorization, scene.Portal.Get<AcmeLinks>(), scene.Now);
        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }

    /// <summary>An attempt at an order's one challenge that has begun, and does not end before the gate is opened.</summary>
    private static async Task<(AcmeCaller Caller, AcmeAuthorization Pending)> PendingAsync(OrderScene scene)
    {
        var caller = await scene.AddAccountAsync();
        return (caller, (await scene.OrderAsync(caller, "a.example.org")).Authorizations[0]);
    }

    private static ChallengeChoice ChoiceOf(OrderScene scene, AcmeCaller caller, AcmeAuthorization pending) => new(
        pending,
        authorization => authorization.Choose(ChallengeType.Http01, "node", ValidationBacklog.Lease, scene.Now),
        () => AuditRecord.Of(AuditAction.AcmeChallengeChosen, caller.Actor, "authorization", pending.Id, scene.Now, "a.example.org by http-01"));

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

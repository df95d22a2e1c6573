using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

/// <summary>What comes of a response to a challenge: RFC 8555 7.5.1, 8.2.</summary>
[Trait("Category", "Unit")]
public sealed class ChallengeResponseTests
{
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
        var challenge = Assert.Single(AuthorizationTests.Json(scene, ready.Authorizations[0]).GetProperty("challenges").EnumerateArray());
        Assert.Equal("valid", challenge.GetProperty("status").GetString());
        Assert.True(challenge.TryGetProperty("validated", out _));
    }

    /// <summary>8.2: while it is retried it stays processing and shows the error.</summary>
    [Fact]
    public async Task FailedAttempt_IsRepeated_AndShown()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        scene.World.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Connection, "192.0.2.80 port 80 refused the connection.", "192.0.2.80:80"));
        await scene.RespondAsync(caller, view.Authorizations[0]);
        await scene.ValidateAsync();
        var challenge = AuthorizationTests.Json(scene, (await scene.ReadAsync(caller, view)).Authorizations[0]).GetProperty("challenges")[0];
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
        var json = AuthorizationTests.Json(scene, invalid.Authorizations[0]);
        Assert.Equal("invalid", json.GetProperty("status").GetString());
        Assert.Equal("Asked for the token, got a page.", json.GetProperty("challenges")[0].GetProperty("error").GetProperty("detail").GetString());
        Assert.Equal("192.0.2.80:80", invalid.Authorizations[0].Trace);
        await OrderScene.RefusedAsync(AcmeProblemType.OrderNotReady, () => scene.FinalizeAsync(caller, invalid));
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
}

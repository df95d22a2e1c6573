using System.Text;
using System.Text.Json;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

/// <summary>newOrder and the order resource: RFC 8555 7.4, draft-ietf-acme-profiles, RFC 9773 5.</summary>
[Trait("Category", "Unit")]
public sealed class OrderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewOrder_IsPending_WithAnAuthorizationForEachIdentifier()
    {
        await using var scene = await OrderScene.StartAsync();
        var view = await scene.OrderAsync(await scene.AddAccountAsync(), "a.example.org", "b.example.org");
        Assert.Equal(AcmeOrderStatus.Pending, view.Status);
        Assert.Equal(["a.example.org", "b.example.org"], view.Authorizations.Select(authorization => authorization.Identifier.Value));
    }

    /// <summary>7.4.1: what the portal knows already is valid at once.</summary>
    [Fact]
    public async Task NewOrder_IsReadyAtOnce_InAWaivedNamespace()
    {
        await using var scene = await OrderScene.StartAsync();
        var view = await scene.OrderAsync(await scene.AddAccountAsync(), "x.lab.example.org", "*.lab.example.org");
        Assert.Equal(AcmeOrderStatus.Ready, view.Status);
        Assert.All(view.Authorizations, authorization => Assert.Equal("namespace lab.example.org", authorization.Waiver));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"identifiers":[]}""")]
    [InlineData("""{"identifiers":"x"}""")]
    [InlineData("""{"identifiers":[{"type":"dns"}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":7}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a..example.org"}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"example.org."}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"bücher.example.org"}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.*.example.org"}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"\ud800.example.org"}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"192.0.2.1"}]}""")]
    [InlineData("""{"identifiers":[{"type":"ip","value":"192.0.2.01"}]}""")]
    [InlineData("""{"identifiers":[{"type":"ip","value":"2001:DB8::1"}]}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example.org"}],"notBefore":"tomorrow"}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example.org"}],"notAfter":"2030-01-01"}""")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.example.org"}],"replaces":5}""")]
    public void NewOrder_IsMalformed(string json)
    {
        using var payload = JsonDocument.Parse(json);
        Assert.Equal(AcmeProblemType.Malformed, Assert.Throws<AcmeException>(() => NewOrderReader.Read(payload.RootElement)).Type);
    }

    [Fact]
    public void NewOrder_IsRefused_With101Identifiers()
    {
        using var payload = JsonDocument.Parse($$"""{"identifiers":[{{string.Join(',', Enumerable.Range(0, 101).Select(i => $$"""{"type":"dns","value":"h{{i}}.example.org"}"""))}}]}""");
        Assert.Throws<AcmeException>(() => NewOrderReader.Read(payload.RootElement));
    }

    /// <summary>6.7.1: each of several bad identifiers has a problem of its own.</summary>
    [Fact]
    public void NewOrder_TellsEachBadIdentifier_AsSubproblem()
    {
        using var payload = JsonDocument.Parse("""{"identifiers":[{"type":"dns","value":"a..b"},{"type":"email","value":"x@example.org"},{"type":"dns","value":"ok.example.org"}]}""");
        var error = Assert.Throws<AcmeException>(() => NewOrderReader.Read(payload.RootElement));
        Assert.Equal(AcmeProblemType.Compound, error.Type);
        Assert.Equal([AcmeProblemType.Malformed, AcmeProblemType.UnsupportedIdentifier], error.Subproblems.Select(problem => problem.Type));
        Assert.Equal(AcmeIdentifier.Dns("a..b"), error.Subproblems[0].Identifier);
    }

    /// <summary>6.7.1: each says which identifier it is about, as far as that can be said.</summary>
    [Theory]
    [InlineData("""{"type":"dns","value":"-a.example.org"}""", "dns:-a.example.org")]
    [InlineData("""{"type":"dns","value":"bücher.example"}""", "dns:bücher.example")]
    [InlineData("""{"type":"ip","value":"300.1.1.1"}""", "ip:300.1.1.1")]
    [InlineData("""{"type":"dns","value":"a\u0000b"}""", null)]
    [InlineData("""{"type":"dns","value":""}""", null)]
    [InlineData("""{"type":"dns","value":7}""", null)]
    [InlineData("""{"type":"email","value":"x@example.org"}""", null)]
    [InlineData("7", null)]
    public void NewOrder_NamesTheBadIdentifier_IfItCanBeWritten(string identifier, string? named)
    {
        using var payload = JsonDocument.Parse($$"""{"identifiers":[{{identifier}}]}""");
        var error = Assert.Throws<AcmeException>(() => NewOrderReader.Read(payload.RootElement));
        Assert.Equal(named, Assert.Single(error.Subproblems).Identifier?.ToString());
    }

    [Fact]
    public void NewOrder_TakesEachIdentifierOnce_AndUpperCase()
    {
        using var payload = JsonDocument.Parse("""{"identifiers":[{"type":"dns","value":"A.Example.org"},{"type":"dns","value":"a.example.org"}],"extra":[1]}""");
        Assert.Equal(["a.example.org"], NewOrderReader.Read(payload.RootElement).Identifiers.Select(identifier => identifier.Value));
    }

    [Fact]
    public async Task NewOrder_OutsideOfEveryNamespace_NamesThePageToAskOn()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:NamespaceRequired", "true"));
        var caller = await scene.AddAccountAsync();
        var error = await OrderScene.RefusedAsync(AcmeProblemType.RejectedIdentifier, () => scene.OrderAsync(caller, "x.lab.example.org", "www.example.net"));
        Assert.Equal("www.example.net", Assert.Single(error.Subproblems).Identifier?.Value);
        Assert.Contains("/acme, then order again", error.Message, StringComparison.Ordinal);
        Assert.Equal(403, error.Status);
    }

    /// <summary>A namespace approved in the portal is for its owner's accounts alone.</summary>
    [Fact]
    public async Task NewOrder_IsReadyAtOnce_ForTheOwnerOfAnApprovedNamespace()
    {
        await using var scene = await OrderScene.StartAsync();
        var owner = await scene.Portal.AddPersonAsync(PortalRole.Owner, organisation: null);
        var service = scene.Portal.Get<NamespaceService>();
        var claim = await service.AskAsync("Owned.Example.net", NamespaceChallenge.Waived, null, "ours", owner, Ct);
        var (mine, others) = (await scene.AddAccountAsync(owner.Id), await scene.AddAccountAsync());
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(mine, "www.owned.example.net")).Status);
        await service.ApproveAsync(claim.Id, NamespaceChallenge.Waived, "seen", await scene.Portal.AddAdministratorAsync(), Ct);
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.OrderAsync(mine, "www.owned.example.net")).Status);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(others, "www.owned.example.net")).Status);
    }

    [Fact]
    public async Task Finalize_IsRefused_WhenTheNamespaceWasWithdrawnMeanwhile()
    {
        await using var scene = await OrderScene.StartAsync();
        var admin = await scene.Portal.AddAdministratorAsync();
        var service = scene.Portal.Get<NamespaceService>();
        var granted = await service.GrantAsync("gone.example.net", NamespaceChallenge.Waived, null, null, admin, Ct);
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.gone.example.net");
        await service.WithdrawAsync(granted.Id, "no longer", admin, Ct);
        await OrderScene.RefusedAsync(AcmeProblemType.Unauthorized, () => scene.FinalizeAsync(caller, view));
    }

    [Fact]
    public async Task NewOrder_WithAnUnknownProfile_IsInvalidProfile()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        await OrderScene.RefusedAsync(AcmeProblemType.InvalidProfile, () => scene.OrderAsync(caller, OrderScene.New("a.lab.example.org") with { Profile = "person" }));
    }

    /// <summary>7.4: dates are honoured or refused, never changed.</summary>
    [Fact]
    public async Task Dates_AreThoseOfTheCertificate()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var (from, to) = (Whole(scene.Now.AddHours(1)), Whole(scene.Now.AddDays(10)));
        var view = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, OrderScene.New("a.lab.example.org") with { NotBefore = from, NotAfter = to }));
        await using var db = scene.Portal.NewDb();
        var certificate = db.IssuedCertificates.Single(found => found.SerialNumber == view.Order.CertificateSerial!.Value);
        Assert.Equal((from, to), (certificate.NotBefore, certificate.NotAfter));
    }

    [Theory]
    [InlineData(-3, null)]
    [InlineData(30, null)]
    [InlineData(null, -1)]
    [InlineData(null, 5000)]
    [InlineData(5, 4)]
    public async Task Dates_ThatCannotBe_AreRefused(int? notBeforeDays, int? notAfterDays)
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var asked = OrderScene.New("a.lab.example.org") with
        {
            NotBefore = notBeforeDays is { } from ? scene.Now.AddDays(from) : null, NotAfter = notAfterDays is { } to ? scene.Now.AddDays(to) : null,
        };
        await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.OrderAsync(caller, asked));
    }

    [Fact]
    public async Task Order_BecomesInvalid_WhenItsTimeIsOver_AndSaysSo()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        scene.Portal.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(AcmeOrderStatus.Invalid, (await scene.ReadAsync(caller, view)).Status);
        Assert.Equal("1 orders expired, 0 of ended accounts cancelled", await scene.Portal.Get<OrderExpiryJob>().RunAsync(Ct));
        Assert.Contains("expired", Json(scene, await scene.ReadAsync(caller, view)).GetProperty("error").GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>7.1.3.</summary>
    [Fact]
    public async Task OrderObject_HasItsMembers()
    {
        await using var scene = await OrderScene.StartAsync();
        var json = Json(scene, await scene.OrderAsync(await scene.AddAccountAsync(), "a.example.org"));
        Assert.Equal("pending", json.GetProperty("status").GetString());
        Assert.Equal("host", json.GetProperty("profile").GetString());
        Assert.EndsWith("Z", json.GetProperty("expires").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, json.GetProperty("authorizations").GetArrayLength());
        Assert.EndsWith("/finalize", json.GetProperty("finalize").GetString(), StringComparison.Ordinal);
        Assert.False(json.TryGetProperty("certificate", out _));
    }

    /// <summary>Object-level authorization: nobody learns of another account's objects.</summary>
    [Fact]
    public async Task ObjectsOfAnother_AreNotFound()
    {
        await using var scene = await OrderScene.StartAsync();
        var (mine, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var view = await scene.OrderAsync(mine, "a.example.org");
        var authorization = view.Authorizations[0];
        Func<Task>[] attempts =
        [
            () => scene.ReadAsync(other, view),
            () => scene.FinalizeAsync(other, view),
            () => scene.RespondAsync(other, authorization),
            () => scene.Portal.Get<ChallengeService>().PollAsync(other.Account, authorization.Id, ChallengeType.Http01, Ct).AsTask(),
            () => scene.Portal.Get<AuthorizationService>().GetAsync(other.Account, authorization.Id, Ct).AsTask(),
            () => scene.Portal.Get<AuthorizationService>().DeactivateAsync(other, authorization.Id, Ct),
            () => scene.Portal.Get<OrderService>().GetAsync(other.Account, Guid.NewGuid(), Ct).AsTask(),
        ];
        foreach (var attempt in attempts) Assert.Equal(404, (await OrderScene.RefusedAsync(AcmeProblemType.Malformed, attempt)).Status);
    }

    [Fact]
    public async Task Replaces_IsReflected_AndTakenOnce()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var first = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "a.lab.example.org"));
        var id = scene.Portal.Get<CertificateIds>().Write(first.Order.CertificateSerial!.Value);
        var asked = OrderScene.New("a.lab.example.org") with { Replaces = id };

        await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.OrderAsync(other, asked));
        await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.OrderAsync(caller, OrderScene.New("b.lab.example.org") with { Replaces = id }));
        await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.OrderAsync(caller, asked with { Replaces = "AAAA.AAAA" }));
        var second = await scene.OrderAsync(caller, asked);
        Assert.Equal(id, Json(scene, second).GetProperty("replaces").GetString());
        Assert.Equal(409, (await OrderScene.RefusedAsync(AcmeProblemType.AlreadyReplaced, () => scene.OrderAsync(caller, asked))).Status);

        scene.Portal.Clock.Advance(TimeSpan.FromDays(8)); // The replacing order expires: it no longer stands.
        await scene.OrderAsync(caller, asked);
    }

    [Fact]
    public async Task Replaces_IsGivenToOne_OfManyAtOnce()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var first = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "a.lab.example.org"));
        var asked = OrderScene.New("a.lab.example.org") with { Replaces = scene.Portal.Get<CertificateIds>().Write(first.Order.CertificateSerial!.Value) };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                await scene.OrderAsync(caller, asked);
                return (AcmeProblemType?)null;
            }
            catch (AcmeException refused)
            {
                return refused.Type;
            }
        })));
        Assert.Equal(1, outcomes.Count(outcome => outcome is null));
        Assert.Equal(7, outcomes.Count(outcome => outcome is AcmeProblemType.AlreadyReplaced));
    }

    [Fact]
    public async Task Orders_OverTheLimit_AreToldWhenToComeBack()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:RateLimits:OrdersPerAccount", "3"));
        var caller = await scene.AddAccountAsync();
        for (var i = 0; i < 3; i++) await scene.OrderAsync(caller, $"h{i}.lab.example.org");
        var error = await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(caller, "h4.lab.example.org"));
        Assert.Equal(429, error.Status);
        Assert.InRange(error.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(20));
        Assert.Equal(1, scene.Portal.Get<AcmeLimits>().Read().Single(limit => limit.Kind is AcmeLimitKind.OrdersPerAccount).Refused);
        scene.Portal.Clock.Advance(error.RetryAfter.Value);
        await scene.OrderAsync(await scene.AddAccountAsync(), "h5.lab.example.org");
    }

    /// <summary>RFC 8555 7.3.6.</summary>
    [Fact]
    public async Task Orders_OfAnEndedAccount_AreCancelled_AndNobodyElses()
    {
        await using var scene = await OrderScene.StartAsync();
        var (ended, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var (abandoned, kept) = (await scene.OrderAsync(ended, "www.example.org"), await scene.OrderAsync(other, "www.example.net"));
        var issued = await scene.FinalizeAsync(ended, await scene.OrderAsync(ended, "a.lab.example.org"));
        await scene.Portal.Get<AccountAdministration>().RevokeAsync(ended.Account.Id, "stolen", Administrator, Ct);

        Assert.Equal("0 orders expired, 1 of ended accounts cancelled", await scene.Portal.Get<OrderExpiryJob>().RunAsync(Ct));

        Assert.Equal(
            (AcmeOrderStatus.Invalid, AcmeOrderStatus.Pending, AcmeOrderStatus.Valid),
            ((await scene.ReadAsync(ended, abandoned)).Status, (await scene.ReadAsync(other, kept)).Status, (await scene.ReadAsync(ended, issued)).Status));
        Assert.Contains("deactivated or revoked", OrderFailures.Explain(await scene.ReadAsync(ended, abandoned)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_OfOneIPv6Network_ShareALimit()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:RateLimits:OrdersPerAddress", "2"));
        await scene.OrderAsync(await scene.AddAccountAsync(address: "2001:db8:1:2::1"), "h1.lab.example.org");
        await scene.OrderAsync(await scene.AddAccountAsync(address: "2001:db8:1:2:ffff::1"), "h2.lab.example.org");
        var third = await scene.AddAccountAsync(address: "2001:db8:1:2:3::3");
        await OrderScene.RefusedAsync(AcmeProblemType.RateLimited, () => scene.OrderAsync(third, "h3.lab.example.org"));
        await scene.OrderAsync(await scene.AddAccountAsync(address: "2001:db8:1:3::1"), "h4.lab.example.org");
    }

    private static Actor Administrator => new(Guid.NewGuid(), "admin", [new ActorGrant(PortalRole.Administrator, null)]) { HasSecondFactor = true };

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static JsonElement Json(OrderScene scene, OrderView view)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) OrderJson.Write(json, view, scene.Portal.Get<AcmeLinks>());
        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.ToArray())).RootElement;
    }
}

using System.Text.Json.Nodes;
using StarPortal.Core.Delegation;
using AcmeClient = StarPortal.Tests.Acme.AcmeClient;
using AcmeAnswer = StarPortal.Tests.Acme.AcmeAnswer;

namespace StarPortal.Tests.Delegation;

/// <summary>newOrder of a name delegation consumer (RFC 9115 2.3.2, 2.3.3).</summary>
[Trait("Category", "Unit")]
public sealed class DelegatedNewOrderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>2.3.2: "ready" at once, no authorizations, delegation and auto-renewal as granted.</summary>
    [Fact]
    public async Task StarOrder_IsReadyAtOnce_AndReflectsWhatIsGranted()
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        var asked = scene.StarOrder(delegation);
        var (start, end) = (DelegationScene.Text(scene.Portal.Clock.Now.AddDays(1)), DelegationScene.Text(scene.Portal.Clock.Now.AddDays(20)));
        (asked["auto-renewal"]!["start-date"], asked["auto-renewal"]!["end-date"], asked["auto-renewal"]!["lifetime-adjust"]) = (start, end, 600);
        var order = await OrderAsync(ndc, asked);
        Assert.Equal((201, null), order.Outcome);
        Assert.Equal(("ready", scene.UrlOf(delegation)), ((string?)order.Json["status"], (string?)order.Json["delegation"]));
        Assert.Empty(order.Json["authorizations"]!.AsArray());
        Assert.Equal(asked["identifiers"]!.ToJsonString(), order.Json["identifiers"]!.ToJsonString());
        Assert.Equal($$"""{"start-date":"{{start}}","end-date":"{{end}}","lifetime":86400,"lifetime-adjust":600,"allow-certificate-get":true}""", order.Json["auto-renewal"]!.ToJsonString());
        Assert.Equal($"{order.Location}/finalize", (string?)order.Json["finalize"]);
        Assert.NotNull(order.Json["expires"]);
        Assert.Equal(order.Json.ToJsonString(), (await ndc.AskAsync(order.Location!)).Json.ToJsonString());
        Assert.Equal([order.Location!], (await ndc.AskAsync((string)(await ndc.AskAsync(ndc.AccountUrl!)).Json["orders"]!)).Json["orders"]!.AsArray().Select(url => (string)url!));
    }

    /// <summary>2.3.3.</summary>
    [Fact]
    public async Task SingleOrder_ReflectsThatAnybodyMayFetch()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var order = await OrderAsync(ndc, scene.SingleOrder(await scene.DelegateAsync()));
        Assert.Equal(("ready", true, null), ((string?)order.Json["status"], (bool)order.Json["allow-certificate-get"]!, order.Json["auto-renewal"]));
    }

    [Fact]
    public async Task Periods_AreCutToTheDelegationsLimits()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var asked = scene.StarOrder(await scene.DelegateAsync());
        (asked["auto-renewal"]!["end-date"], asked["auto-renewal"]!["lifetime"]) = (DelegationScene.Text(scene.Portal.Clock.Now.AddDays(300)), 200_000);
        var granted = (await OrderAsync(ndc, asked)).Json["auto-renewal"]!;
        Assert.Equal((DelegationScene.Text(scene.Portal.Clock.Now.AddDays(90)), 86_400), ((string?)granted["end-date"], (int)granted["lifetime"]!));
    }

    [Theory]
    [InlineData("""{"delegation":null}""")]
    [InlineData("""{"delegation":7}""")]
    [InlineData("""{"auto-renewal":null}""")] // 2.3.2 and 2.3.3: one of the two.
    [InlineData("""{"auto-renewal":null,"allow-certificate-get":false}""")]
    [InlineData("""{"auto-renewal":[]}""")]
    [InlineData("""{"auto-renewal":{"lifetime":86400,"allow-certificate-get":true}}""")] // RFC 8739 3.1.1
    [InlineData("""{"auto-renewal":{"end-date":"2126-01-01T00:00:00Z","lifetime":86400}}""")]
    [InlineData("""{"auto-renewal":{"end-date":"2126-01-01T00:00:00Z","lifetime":86400,"allow-certificate-get":false}}""")]
    [InlineData("""{"notBefore":"2126-01-01T00:00:00Z"}""")] // 2.3.2: MUST NOT
    [InlineData("""{"notAfter":"2126-01-01T00:00:00Z"}""")]
    [InlineData("""{"identifiers":null}""")]
    [InlineData("""{"identifiers":[]}""")]
    public async Task Order_ThatIsNoDelegatedOne_IsMalformed(string changes)
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var asked = scene.StarOrder(await scene.DelegateAsync());
        foreach (var (member, value) in JsonNode.Parse(changes)!.AsObject())
        {
            if (value is null) asked.Remove(member);
            else asked[member] = value.DeepClone();
        }

        Assert.Equal((400, "malformed"), (await OrderAsync(ndc, asked)).Outcome);
    }

    /// <summary>2.3.2.1 and 5.5 of the registry: one answer, whatever the reason.</summary>
    [Fact]
    public async Task Delegation_ThatIsNotTheConsumersInForce_IsUnknown()
    {
        await using var scene = await DelegationScene.StartAsync();
        var service = scene.Portal.Get<DelegationService>();
        var (paused, ended) = (await scene.DelegateAsync(), await scene.DelegateAsync());
        await service.PauseAsync(paused.Id, scene.Owner, Ct);
        await service.EndAsync(ended.Id, scene.Owner, Ct);
        var foreign = await service.CreateAsync(DelegationScene.Terms(), (await scene.Portal.Get<ConsumerService>().CreateAsync("CDN Two", scene.Owner, Ct)).Id, scene.Owner, Ct);
        using var ndc = await scene.NewNdcAsync();
        var asked = scene.StarOrder(paused);
        foreach (var url in new[] { scene.UrlOf(paused), scene.UrlOf(ended), scene.UrlOf(foreign), "https://elsewhere.example/delegation/delegation/1", "", $"{scene.UrlOf(paused)}/" })
        {
            asked["delegation"] = url;
            Assert.Equal((403, "unknownDelegation"), (await OrderAsync(ndc, asked)).Outcome);
        }
    }

    /// <summary>2.3.2: identifiers by the template; RFC 8555 6.7.1: each name that is wrong is a subproblem.</summary>
    [Theory]
    [InlineData("www.example.org,mail.example.org", "mail.example.org")]
    [InlineData("mail.example.org", "mail.example.org,www.example.org")]
    [InlineData("www.example.net", "www.example.net,www.example.org")]
    [InlineData("*.example.org,www.example.org", "*.example.org")]
    public async Task Identifiers_ThatTheTemplateHasNot_AreRejected_EachByName(string names, string rejected)
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var answer = await OrderAsync(ndc, scene.StarOrder(await scene.DelegateAsync(), names.Split(',')));
        Assert.Equal((403, "rejectedIdentifier"), answer.Outcome);
        var problems = answer.Json["subproblems"]!.AsArray();
        Assert.Equal(rejected.Split(',').Order(StringComparer.Ordinal), problems.Select(problem => (string)problem!["identifier"]!["value"]!).Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.Equal("urn:ietf:params:acme:error:rejectedIdentifier", (string?)problem!["type"]));
    }

    [Fact]
    public async Task Address_IsRejected()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        Assert.Equal((403, "rejectedIdentifier"), (await OrderAsync(ndc, scene.StarOrder(await scene.DelegateAsync(), DelegationScene.Name, "192.0.2.1"))).Outcome);
    }

    /// <summary>RFC 8555 6.6.</summary>
    [Fact]
    public async Task Orders_BeyondTheLimit_AreToldWhenToComeAgain()
    {
        await using var scene = await DelegationScene.StartAsync(null, ("Delegation:OrdersPerConsumerPerHour", "1"));
        var delegation = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        Assert.Equal(201, (int)(await OrderAsync(ndc, scene.StarOrder(delegation))).Status);
        var refused = await OrderAsync(ndc, scene.StarOrder(delegation));
        Assert.Equal((429, "rateLimited"), refused.Outcome);
        Assert.NotEmpty(refused.Headers["Retry-After"]);
    }

    private static async Task<AcmeAnswer> OrderAsync(AcmeClient ndc, JsonObject order) => await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), order);
}

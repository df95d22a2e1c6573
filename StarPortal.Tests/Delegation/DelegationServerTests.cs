using System.Text.Json.Nodes;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Acme;
using AcmeClient = StarPortal.Tests.Acme.AcmeClient;

namespace StarPortal.Tests.Delegation;

/// <summary>The identifier owner's ACME server before any order: directory, accounts and delegations (RFC 9115 2.3.1, 2.3.4).</summary>
[Trait("Category", "Unit")]
public sealed class DelegationServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>RFC 9115 2.3.4; RFC 8739 3.2.</summary>
    [Fact]
    public async Task Directory_SaysThatItDelegates()
    {
        await using var scene = await DelegationScene.StartAsync();
        var directory = await new AcmeClient(scene.Portal.Client, path: DelegationDirectory.Path).DirectoryAsync();
        var meta = directory["meta"]!;
        Assert.All(["delegation-enabled", "allow-certificate-get", "externalAccountRequired"], member => Assert.True((bool)meta[member]!));
        Assert.True((bool)meta["auto-renewal"]!["allow-certificate-get"]!);
        Assert.Equal(3600, (int)meta["auto-renewal"]!["min-lifetime"]!);
        Assert.True((int)meta["auto-renewal"]!["max-duration"]! > 0);
        Assert.All(["newNonce", "newAccount", "newOrder", "keyChange"], resource => Assert.StartsWith($"{scene.Portal.BaseUrl}delegation/", (string)directory[resource]!, StringComparison.Ordinal));
        Assert.Null((await new AcmeClient(scene.Portal.Client).DirectoryAsync())["meta"]!["delegation-enabled"]);
    }

    /// <summary>RFC 9115 2.1: the owner knows its consumers beforehand; RFC 8555 7.3.4.</summary>
    [Fact]
    public async Task Account_IsOpenedByABindingAlone_AndHasADelegationsUrl()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var stranger = new AcmeClient(scene.Portal.Client, path: DelegationDirectory.Path);
        Assert.Equal((403, "externalAccountRequired"), (await stranger.RegisterAsync()).Outcome);

        using var ndc = await scene.NewNdcAsync();
        var account = await ndc.AskAsync(ndc.AccountUrl!);
        Assert.Equal($"{ndc.AccountUrl}/delegations", (string?)account.Json["delegations"]); // 2.3.1.1
        Assert.Equal("valid", (string?)account.Json["status"]);
        var again = await ndc.Again().RegisterAsync();
        Assert.Equal((200, ndc.AccountUrl), ((int)again.Status, again.Location)); // RFC 8555 7.3.1
    }

    [Fact]
    public async Task BindingKey_OfOneDirectory_IsNothingInTheOther()
    {
        await using var scene = await DelegationScene.StartAsync();
        var ofMain = await scene.Portal.Get<ExternalAccountKeyService>().CreateOwnAsync(new NewExternalAccountKey("Main", scene.Owner.Id!.Value) { AllowedIdentifiers = [DelegationScene.Name] }, scene.Owner, Ct);
        var ofDelegation = await scene.Portal.Get<ConsumerService>().AddAccountKeyAsync(scene.Consumer.Id, scene.Owner, Ct);
        using var ndc = new AcmeClient(scene.Portal.Client, path: DelegationDirectory.Path);
        using var main = new AcmeClient(scene.Portal.Client);
        Assert.Equal("unauthorized", (await DelegationScene.BindAsync(ndc, ofMain)).Problem);
        Assert.Equal("unauthorized", (await DelegationScene.BindAsync(main, ofDelegation)).Problem);
        Assert.Equal(201, (int)(await DelegationScene.BindAsync(main, ofMain)).Status);
        Assert.Equal(201, (int)(await DelegationScene.BindAsync(ndc, ofDelegation)).Status);
    }

    [Fact]
    public async Task Account_OfOneDirectory_DoesNothingInTheOther_AlsoWithTheSameKey()
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        using var main = new AcmeClient(scene.Portal.Client, ndc.Key);
        Assert.Equal("accountDoesNotExist", (await main.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Problem);
        Assert.Equal(201, (int)(await main.RegisterAsync()).Status);
        Assert.NotEqual(ndc.AccountUrl, main.AccountUrl);

        var (ndcUrl, mainUrl) = (ndc.AccountUrl!, main.AccountUrl!);
        foreach (var kid in new[] { mainUrl, mainUrl.Replace("/acme/", "/delegation/", StringComparison.Ordinal) })
        {
            ndc.AccountUrl = kid;
            Assert.NotNull((await ndc.PostAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(delegation))).Problem);
        }

        foreach (var kid in new[] { ndcUrl, ndcUrl.Replace("/delegation/", "/acme/", StringComparison.Ordinal) })
        {
            main.AccountUrl = kid;
            Assert.NotNull((await main.PostAsync(await main.UrlOfAsync("newOrder"), AcmeClient.OrderOf(DelegationScene.Name))).Problem);
        }
    }

    /// <summary>RFC 8555 7.3.5, 7.3.6; RFC 9115 7.2: an account that is ended does nothing.</summary>
    [Fact]
    public async Task Account_ChangesItsKey_AndEnds()
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        var (old, next) = (ndc.Key, TestKey.Ec());
        var url = await ndc.UrlOfAsync("keyChange");
        var inner = new TestJws
        {
            Header = new JsonObject { ["alg"] = next.Algorithm, ["jwk"] = next.Jwk.DeepClone(), ["url"] = url },
            Payload = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["account"] = ndc.AccountUrl, ["oldKey"] = old.Jwk.DeepClone() }.ToJsonString()), Sign = content => next.Sign(content, next.Algorithm),
        };
        Assert.Equal((200, null), (await ndc.PostAsync(url, JsonNode.Parse(inner.ToString()))).Outcome);
        ndc.Key = next;
        Assert.Equal((201, null), (await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(delegation))).Outcome);
        Assert.Equal("deactivated", (string?)(await ndc.AskAsync(ndc.AccountUrl!, new JsonObject { ["status"] = "deactivated" })).Json["status"]);
        Assert.Equal((401, "unauthorized"), (await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(delegation))).Outcome);
        old.Dispose();
    }

    /// <summary>RFC 9115 2.3.1.2.</summary>
    [Fact]
    public async Task Delegations_AreThoseOfTheConsumer_InForce_PageByPage()
    {
        await using var scene = await DelegationScene.StartAsync();
        List<string> mine = [];
        for (var number = 0; number < 53; number++)
        {
            var delegation = await scene.DelegateAsync(DelegationScene.Terms($"n{number}.example.org"));
            scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
            if (number == 51) await scene.Portal.Get<DelegationService>().PauseAsync(delegation.Id, scene.Owner, Ct);
            else if (number == 52) await scene.Portal.Get<DelegationService>().EndAsync(delegation.Id, scene.Owner, Ct);
            else mine.Add(scene.UrlOf(delegation));
        }

        var other = await scene.Portal.Get<ConsumerService>().CreateAsync("CDN Two", scene.Owner, Ct);
        await scene.Portal.Get<DelegationService>().CreateAsync(DelegationScene.Terms(), other.Id, scene.Owner, Ct);
        using var ndc = await scene.NewNdcAsync();
        var first = await ndc.AskAsync($"{ndc.AccountUrl}/delegations");
        var second = await ndc.AskAsync(first.LinkOf("next")!);
        Assert.Equal((50, 1, null), (UrlsOf(first).Count, UrlsOf(second).Count, second.LinkOf("next")));
        Assert.Equal(mine, UrlsOf(first).Concat(UrlsOf(second)));
        Assert.Equal((400, "malformed"), (await ndc.AskAsync($"{ndc.AccountUrl}/delegations?cursor=-1")).Outcome);
        using var others = await scene.NewNdcAsync(other.Id);
        Assert.Single(UrlsOf(await others.AskAsync($"{others.AccountUrl}/delegations")));
        Assert.Equal((404, "malformed"), (await others.AskAsync($"{ndc.AccountUrl}/delegations")).Outcome);
    }

    /// <summary>RFC 9115 2.3.1.3: the template as it is, names as absolute ones.</summary>
    [Fact]
    public async Task Delegation_IsTemplateAndCnameMap()
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync(DelegationScene.Terms() with { CnameMap = [(DelegationScene.Name, "edge.cdn.example")] });
        var plain = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        var answer = await ndc.AskAsync(scene.UrlOf(delegation));
        Assert.Equal(JsonNode.Parse(DelegationScene.Terms().Template)!.ToJsonString(), answer.Json["csr-template"]!.ToJsonString());
        Assert.Equal("edge.cdn.example.", (string?)answer.Json["cname-map"]![$"{DelegationScene.Name}."]);
        Assert.Null((await ndc.AskAsync(scene.UrlOf(plain))).Json["cname-map"]);
        Assert.Equal((405, "malformed"), (await ndc.GetAsync(scene.UrlOf(plain))).Outcome);
    }

    [Fact]
    public async Task Delegation_OfAnother_AndOneThatHasEnded_IsNotThere()
    {
        await using var scene = await DelegationScene.StartAsync();
        var consumers = scene.Portal.Get<ConsumerService>();
        var delegation = await scene.DelegateAsync();
        using var other = await scene.NewNdcAsync((await consumers.CreateAsync("CDN Two", scene.Owner, Ct)).Id);
        using var ndc = await scene.NewNdcAsync();
        Assert.Equal((404, "malformed"), (await other.AskAsync(scene.UrlOf(delegation))).Outcome);
        await scene.Portal.Get<DelegationService>().EndAsync(delegation.Id, scene.Owner, Ct);
        Assert.Equal((404, "malformed"), (await ndc.AskAsync(scene.UrlOf(delegation))).Outcome);
    }

    /// <summary>RFC 9115 7.2: nothing is for whom the owner does not know any more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Account_StandsForNobody_WhenItsCredentialIsRevoked_OrItsConsumerEnded(bool isRevoked)
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync();
        using var ndc = await scene.NewNdcAsync();
        var consumers = scene.Portal.Get<ConsumerService>();
        var ready = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(delegation));
        await using var db = scene.Portal.NewDb();
        if (isRevoked) await consumers.RevokeAsync(db.ConsumerCredentials.Single(credential => credential.Kind == ConsumerCredentialKind.AcmeAccount).Id, scene.Owner, Ct);
        else await consumers.EndAsync(scene.Consumer.Id, scene.Owner, Ct);
        foreach (var url in new[] { $"{ndc.AccountUrl}/delegations", scene.UrlOf(delegation) }) Assert.Equal("unauthorized", (await ndc.AskAsync(url)).Problem);
        Assert.Equal("unauthorized", (await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(delegation))).Problem);
        Assert.Equal("unauthorized", (await ndc.FinalizeAsync(ready, DelegationScene.Csr())).Problem);
    }

    private static List<string> UrlsOf(AcmeAnswer page) => [.. page.Json["delegations"]!.AsArray().Select(url => (string)url!)];
}

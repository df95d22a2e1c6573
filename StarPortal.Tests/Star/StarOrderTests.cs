using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>STAR orders over HTTPS: RFC 8739 sections 3.1 and 3.2.</summary>
[Trait("Category", "Unit")]
public sealed class StarOrderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>3.2.</summary>
    [Fact]
    public async Task Directory_SaysWhatIsGranted()
    {
        await using var scene = await StarOrderScene.StartAsync(settings: [("Star:MinLifetime", "00:10:00"), ("Star:MaxDuration", "30.00:00:00")]);
        using var client = new AcmeClient(scene.Portal.Client);
        var meta = (await client.DirectoryAsync())["meta"]!["auto-renewal"]!;
        Assert.Equal("""{"min-lifetime":600,"max-duration":2592000,"allow-certificate-get":true}""", meta.ToJsonString());
    }

    /// <summary>3.1, 3.3, 3.5: certificates in their slots, from the start to the natural end, which leaves the order valid.</summary>
    [Fact]
    public async Task Order_IsRenewed_FromItsStartToItsEnd()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var start = scene.Now;
        var valid = await scene.BeginAsync(client);
        Assert.Equal((200, "valid"), ((int)valid.Status, valid.Json["status"]!.ToString()));
        Assert.Null(valid.Json["certificate"]);

        foreach (var (hour, from, to) in new[] { (0, 0, 6), (3, 3, 12), (9, 9, 18), (15, 15, 24) })
        {
            scene.Portal.Clock.SetTo(start.AddHours(hour));
            Assert.Equal(hour == 0 ? 0 : 1, await scene.RenewAsync());
            using var certificate = StarOrderScene.Read(await scene.GetAsync(valid));
            Assert.Equal((start.AddHours(from), start.AddHours(to)), (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime())));
        }

        scene.Portal.Clock.SetTo(start.AddHours(24).AddSeconds(1));
        Assert.Equal(0, await scene.RenewAsync());
        Assert.Equal((403, "autoRenewalExpired"), (await scene.GetAsync(valid)).Outcome);
        Assert.Equal("valid", (await client.AskAsync(valid.Location!)).Json["status"]!.ToString());
    }

    /// <summary>3.1.1: what is in force is told, the padding too (3.3), and the address of the certificates as soon as there is one.</summary>
    [Fact]
    public async Task AutoRenewal_IsReflected_AsItIsInForce()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var order = await scene.OrderAsync(client, scene.Renewal(renewal => renewal["start-date"] = StarOrderScene.Text(scene.Now.AddHours(2))));
        Assert.Equal(201, (int)order.Status);
        Assert.Equal(new JsonObject
        {
            ["start-date"] = StarOrderScene.Text(scene.Now.AddHours(2)), ["end-date"] = StarOrderScene.Text(scene.Now.AddDays(1)), ["lifetime"] = 21_600, ["lifetime-adjust"] = 10_800, ["allow-certificate-get"] = true,
        }.ToJsonString(), order.Json["auto-renewal"]!.ToJsonString());
        Assert.Null(order.Json["star-certificate"]);

        // 2.2: the first certificate is published at once, though it begins later.
        var valid = await client.FinalizeAsync(order, OrderScene.Csr("star.lab.example.org"));
        using var first = StarOrderScene.Read(await scene.GetAsync(valid));
        Assert.Equal(scene.Now.AddHours(2).UtcDateTime, first.NotBefore.ToUniversalTime());
    }

    /// <summary>3.1.1: the server may adjust: a start that has passed is now, and no certificate is valid for longer than its profile says.</summary>
    [Fact]
    public async Task AutoRenewal_IsAdjusted_ToWhatIsPossible()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var now = scene.Now;
        var order = await scene.OrderAsync(client, new JsonObject { ["start-date"] = StarOrderScene.Text(now.AddDays(-2)), ["end-date"] = StarOrderScene.Text(now.AddDays(90)), ["lifetime"] = 30 * 86_400 });
        Assert.Equal(201, (int)order.Status);
        var valid = await client.FinalizeAsync(order, OrderScene.Csr("star.lab.example.org"));
        var renewal = valid.Json["auto-renewal"]!;
        Assert.Equal(StarOrderScene.Text(now), renewal["start-date"]!.ToString());
        var (lifetime, adjust) = (renewal["lifetime"]!.GetValue<long>(), renewal["lifetime-adjust"]!.GetValue<long>());
        Assert.InRange(lifetime + adjust, (7 * 86_400) - 2, 7 * 86_400); // The profile's seven days.
        Assert.Null(renewal["allow-certificate-get"]);
    }

    /// <summary>4.2, RFC 9608: nothing in the certificate points to revocation.</summary>
    [Fact]
    public async Task Certificate_SaysThatItCannotBeRevoked()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        using var certificate = StarOrderScene.Read(await scene.GetAsync(await scene.BeginAsync(client)));
        var oids = certificate.Extensions.Select(extension => extension.Oid!.Value!).ToList();
        Assert.Contains("2.5.29.56", oids);
        Assert.DoesNotContain("2.5.29.31", oids);
    }

    /// <summary>3.1.1 and 7.2 (min-lifetime, max-duration): what cannot be granted leaves nothing.</summary>
    [Theory]
    [InlineData("""{"lifetime":21600}""")]
    [InlineData("""{"end-date":"{day}"}""")]
    [InlineData("""{"end-date":"{day}","lifetime":0}""")]
    [InlineData("""{"end-date":"{day}","lifetime":-1}""")]
    [InlineData("""{"end-date":"{day}","lifetime":3599}""")]
    [InlineData("""{"end-date":"{day}","lifetime":9223372036854775808}""")]
    [InlineData("""{"end-date":"{day}","lifetime":21600.5}""")]
    [InlineData("""{"end-date":"{day}","lifetime":"21600"}""")]
    [InlineData("""{"end-date":"{day}","lifetime":21600,"lifetime-adjust":-1}""")]
    [InlineData("""{"end-date":"{day}","lifetime":21600,"lifetime-adjust":true}""")]
    [InlineData("""{"end-date":"{day}","lifetime":21600,"allow-certificate-get":"yes"}""")]
    [InlineData("""{"end-date":"{past}","lifetime":21600}""")]
    [InlineData("""{"end-date":"tomorrow","lifetime":21600}""")]
    [InlineData("""{"end-date":1764201600,"lifetime":21600}""")]
    [InlineData("""{"end-date":"{tooFar}","lifetime":21600}""")]
    [InlineData("""{"end-date":"9999-12-31T23:59:59Z","lifetime":21600}""")]
    [InlineData("""{"start-date":"{dayAfter}","end-date":"{day}","lifetime":21600}""")]
    [InlineData("""{"start-date":"{day}","end-date":"{day}","lifetime":21600}""")]
    [InlineData("\"daily\"")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("null")]
    public async Task AutoRenewal_ThatCannotBeGranted_IsMalformed(string text)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var renewal = text.Replace("{dayAfter}", StarOrderScene.Text(scene.Now.AddDays(2)), StringComparison.Ordinal).Replace("{day}", StarOrderScene.Text(scene.Now.AddDays(1)), StringComparison.Ordinal)
            .Replace("{past}", StarOrderScene.Text(scene.Now.AddSeconds(-1)), StringComparison.Ordinal).Replace("{tooFar}", StarOrderScene.Text(scene.Now.AddDays(366)), StringComparison.Ordinal);
        Assert.Equal((400, "malformed"), (await scene.OrderAsync(client, JsonNode.Parse(renewal))).Outcome);
        await using var db = scene.Portal.NewDb();
        Assert.False(await db.StarOrders.AnyAsync(Ct));
    }

    /// <summary>3.1.1: adjusted to the lifetime (3.5: min(T, la)), huge numbers too.</summary>
    [Theory]
    [InlineData(21_601)]
    [InlineData(long.MaxValue)]
    public async Task LifetimeAdjust_AboveTheLifetime_CountsAsTheLifetime(long adjust)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client, scene.Renewal(renewal => renewal["lifetime-adjust"] = adjust));
        Assert.Equal(21_600, valid.Json["auto-renewal"]!["lifetime-adjust"]!.GetValue<long>());
    }

    /// <summary>3.1.1.</summary>
    [Theory]
    [InlineData("notBefore")]
    [InlineData("notAfter")]
    public async Task DatesOfAnOrdinaryOrder_AreRefused(string member)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var order = AcmeClient.OrderOf("star.lab.example.org");
        (order["auto-renewal"], order[member]) = (scene.Renewal(), StarOrderScene.Text(scene.Now.AddHours(5)));
        Assert.Equal((400, "malformed"), (await client.AskAsync(await client.UrlOfAsync("newOrder"), order)).Outcome);
    }

    /// <summary>3.1.2.</summary>
    [Fact]
    public async Task Cancel_EndsRenewalAndFetching_Once()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        await scene.GetAsync(valid); // It is in memory now.
        var canceled = await CancelAsync(client, valid);
        Assert.Equal((200, "canceled"), ((int)canceled.Status, canceled.Json["status"]!.ToString()));
        Assert.Equal(StarOrderScene.Text(scene.Now.AddHours(6)), canceled.Json["expires"]!.ToString());
        Assert.Equal((403, "autoRenewalCanceled"), (await scene.GetAsync(valid)).Outcome);
        Assert.Equal((403, "autoRenewalCanceled"), (await client.PostAsync(StarOrderScene.UrlOf(valid))).Outcome);
        Assert.Equal((400, "autoRenewalCancellationInvalid"), (await CancelAsync(client, valid)).Outcome);
        Assert.Equal(0, await scene.PassAsync(TimeSpan.FromHours(12)));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(1, await db.StarCertificates.CountAsync(Ct));
        Assert.True(await db.AuditRecords.AnyAsync(record => record.Action == AuditAction.StarOrderCanceled, Ct));
    }

    /// <summary>3.1.2: an order that is not valid cannot be canceled.</summary>
    [Fact]
    public async Task Cancel_BeforeTheOrderIsValid_IsInvalid()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        Assert.Equal((400, "autoRenewalCancellationInvalid"), (await CancelAsync(client, await scene.OrderAsync(client, scene.Renewal()))).Outcome);
        Assert.Equal((400, "autoRenewalCancellationInvalid"), (await CancelAsync(client, await scene.OrderAsync(client, scene.Renewal(), "star.example.net"))).Outcome);
    }

    [Fact]
    public async Task Cancel_OfAnotherAccountsOrder_FindsNothing()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        using var other = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        Assert.Equal((404, "malformed"), (await CancelAsync(other, valid)).Outcome);
        Assert.Equal(200, (int)(await scene.GetAsync(valid)).Status);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"status":"deactivated"}""")]
    [InlineData("""{"status":["canceled"]}""")]
    [InlineData("""{"status":"CANCELED"}""")]
    public async Task Order_IsChangedByNothingElse(string payload)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        Assert.Equal((400, "malformed"), (await client.AskAsync(valid.Location!, JsonNode.Parse(payload))).Outcome);
        Assert.Equal(200, (int)(await scene.GetAsync(valid)).Status);
    }

    /// <summary>An ordinary order is not canceled by a payload.</summary>
    [Fact]
    public async Task Cancel_OfAnOrdinaryOrder_IsMalformed()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        Assert.Equal((400, "malformed"), (await CancelAsync(client, await client.OrderAsync("a.lab.example.org"))).Outcome);
    }

    /// <summary>3.1.2: by the account and by the certificate's key alike.</summary>
    [Fact]
    public async Task Revocation_IsNotSupported()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        using var certificate = StarOrderScene.Read(await scene.GetAsync(await scene.BeginAsync(client)));
        var answer = await client.AskAsync(await client.UrlOfAsync("revokeCert"), new JsonObject { ["certificate"] = System.Buffers.Text.Base64Url.EncodeToString(certificate.RawData) });
        Assert.Equal((403, "autoRenewalRevocationNotSupported"), answer.Outcome);
    }

    /// <summary>RFC 8555 7.4: a signing request that does not fit leaves the order ready.</summary>
    [Fact]
    public async Task Finalize_WithOtherNames_LeavesTheOrderReady()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var order = await scene.OrderAsync(client, scene.Renewal());
        Assert.Equal((400, "badCSR"), (await client.FinalizeAsync(order, OrderScene.Csr("other.lab.example.org"))).Outcome);
        Assert.Equal("valid", (await client.FinalizeAsync(order, OrderScene.Csr("star.lab.example.org"))).Json["status"]!.ToString());
    }

    [Fact]
    public async Task Finalize_AfterTheEndDate_IsRefused()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var order = await scene.OrderAsync(client, scene.Renewal(renewal => renewal["end-date"] = StarOrderScene.Text(scene.Now.AddHours(2))));
        scene.Portal.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((400, "malformed"), (await client.FinalizeAsync(order, OrderScene.Csr("star.lab.example.org"))).Outcome);
    }

    /// <summary>6.2: what the server does by itself is bounded.</summary>
    [Fact]
    public async Task Orders_OfAnAccount_AreBounded()
    {
        await using var scene = await StarOrderScene.StartAsync(settings: [("Star:MaxOrdersPerAccount", "2")]);
        using var client = await scene.NewAccountAsync();
        var first = await scene.BeginAsync(client);
        await scene.BeginAsync(client);
        Assert.Equal((429, "rateLimited"), (await scene.BeginAsync(client)).Outcome);
        await CancelAsync(client, first);
        Assert.Equal(200, (int)(await scene.BeginAsync(client)).Status);
    }

    [Fact]
    public async Task Finalize_OfOneOrderByMany_IssuesOnce()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var order = await scene.OrderAsync(client, scene.Renewal());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.Again().FinalizeAsync(order, OrderScene.Csr("star.lab.example.org"))));
        Assert.Single(answers, answer => answer.Status is System.Net.HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status is not System.Net.HttpStatusCode.OK), answer => Assert.Equal((403, "orderNotReady"), answer.Outcome));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(1, await db.StarCertificates.CountAsync(Ct));
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>A request that was decided on the order as it was before another one finalized it.</summary>
    [Fact]
    public async Task Finalize_ThatComesTooLate_IsNotReady()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var order = await scene.OrderAsync(client, scene.Renewal());
        await using var db = scene.Portal.NewDb();
        var account = await db.AcmeAccounts.AsNoTracking().SingleAsync(Ct);
        var caller = new AcmeCaller(account, null, Actor.Anonymous("192.0.2.1"), scene.Portal.Get<AcmeLinks>().Account(account.Id), new string('0', 64));
        var ready = await scene.Portal.Get<OrderService>().GetAsync(account, await db.AcmeOrders.Select(placed => placed.Id).SingleAsync(Ct), Ct);
        var csr = OrderScene.Csr("star.lab.example.org");
        Assert.Equal("valid", (await client.FinalizeAsync(order, csr)).Json["status"]!.ToString());
        await OrderScene.RefusedAsync(AcmeProblemType.OrderNotReady, () => scene.Portal.Get<StarOrders>().BeginAsync(caller, ready, FinalizeRequest.Read(csr, ready.Order, caller.KeyHash), Ct));
    }

    private static Task<AcmeAnswer> CancelAsync(AcmeClient client, AcmeAnswer order) => client.AskAsync(order.Location!, new JsonObject { ["status"] = "canceled" });
}

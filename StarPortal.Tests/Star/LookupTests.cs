using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>The seed's own interface: serial number → renewal URI → certificate, on a port that has nothing else.</summary>
[Trait("Category", "Unit")]
public sealed class LookupTests
{
    [Fact]
    public async Task Serial_LeadsToTheRenewalUri_AndThatToTheCertificate()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (order, serial) = await scene.BeginAsync(client);

        var told = await scene.AskAsync(serial.ToLowerInvariant());
        Assert.Equal((200, "text/plain", $"{scene.Root}{IdOf(order):D}"), ((int)told.Status, told.MediaType, told.Text));
        Assert.Equal(told.Text, (await scene.AskAsync(serial.ToUpperInvariant())).Text);

        var (fetched, star) = (await scene.AskAsync(told.Text[scene.Root.Length..]), await scene.Star.GetAsync(order));
        Assert.Equal((200, star.MediaType, star.Text), ((int)fetched.Status, fetched.MediaType, fetched.Text));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", fetched.Text, StringComparison.Ordinal);
        foreach (var header in new[] { "ETag", "Cache-Control", "Cert-Not-Before", "Cert-Not-After", "Link" })
            Assert.Equal(Assert.Single(star.Headers[header]), Assert.Single(fetched.Headers[header]));
    }

    [Fact]
    public async Task Serial_IsToldBothUris_WhenJsonIsAccepted()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (order, serial) = await scene.BeginAsync(client);

        var told = await scene.AskAsync(serial, accept: "text/html;q=0.5, application/json");
        Assert.Equal("application/json", told.MediaType);
        Assert.Equal($"{scene.Root}{IdOf(order):D}", told.Json["renewal-uri"]!.ToString());
        Assert.Equal(StarOrderScene.UrlOf(order), told.Json["star-certificate"]!.ToString());
        Assert.Equal("text/plain", (await scene.AskAsync(serial, accept: "application/json;q=0, */*")).MediaType);
    }

    /// <summary>The prototype's server told the bare id, and its proxy puts the look-up's address before whatever it is told.</summary>
    [Fact]
    public async Task RenewalUri_IsFound_WhenItComesBehindTheAddressOnceMore()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (_, serial) = await scene.BeginAsync(client);
        var told = (await scene.AskAsync(serial)).Text;
        Assert.Equal(200, (int)(await scene.AskAsync(told)).Status);
        Assert.Equal(404, (int)(await scene.AskAsync(told.Replace("localhost", "elsewhere", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Serial_OfEverySlot_LeadsToTheSameUri()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (order, first) = await scene.BeginAsync(client);
        Assert.Equal(1, await scene.Star.PassAsync(TimeSpan.FromHours(3)));
        using var second = StarOrderScene.Read(await scene.Star.GetAsync(order));
        Assert.NotEqual(first, second.SerialNumber);
        Assert.Equal((await scene.AskAsync(first)).Text, (await scene.AskAsync(second.SerialNumber)).Text);
    }

    [Theory]
    [InlineData("D")]
    [InlineData("N")]
    public async Task RenewalId_IsTaken_InBothFormsAndEitherCase(string format)
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var id = IdOf((await scene.BeginAsync(client)).Order).ToString(format);
        Assert.Equal(200, (int)(await scene.AskAsync(id)).Status);
        Assert.Equal(200, (int)(await scene.AskAsync(id.ToUpperInvariant())).Status);
    }

    [Fact]
    public async Task Head_HasTheHeadersOfGet_AndNoBody()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (order, serial) = await scene.BeginAsync(client);
        foreach (var path in new[] { serial, $"{IdOf(order):D}" })
        {
            var (head, got) = (await scene.AskAsync(path, HttpMethod.Head), await scene.AskAsync(path));
            Assert.Equal((200, got.MediaType, 0), ((int)head.Status, head.MediaType, head.Body.Length));
            Assert.Equal(got.Headers["Content-Length"], head.Headers["Content-Length"]);
        }
    }

    [Fact]
    public async Task Certificate_IsRefused_AfterCancelAndAfterTheEnd()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (canceled, serial) = await scene.BeginAsync(client);
        var (ended, _) = await scene.BeginAsync(client);
        Assert.Equal("canceled", (await client.AskAsync(canceled.Location!, new JsonObject { ["status"] = "canceled" })).Json["status"]!.ToString());
        Assert.Equal((403, "autoRenewalCanceled"), (await scene.AskAsync($"{IdOf(canceled):D}")).Outcome);
        Assert.Equal($"{scene.Root}{IdOf(canceled):D}", (await scene.AskAsync(serial)).Text);

        await scene.Star.PassAsync(TimeSpan.FromHours(25));
        Assert.Equal((403, "autoRenewalExpired"), (await scene.AskAsync($"{IdOf(ended):D}")).Outcome);
    }

    /// <summary>Nobody learns whether something is there that is not for him.</summary>
    [Fact]
    public async Task Orders_ThatNobodyMayFetch_AreAnsweredAsUnknownOnes()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (order, serial) = await scene.BeginAsync(client, renewal => renewal.Remove("allow-certificate-get"));
        var unknown = await scene.AskAsync($"{Guid.NewGuid():D}");
        Assert.Equal((404, "malformed"), unknown.Outcome);
        foreach (var path in new[] { serial, $"{IdOf(order):D}", $"{IdOf(order):N}", new string('a', 32) })
        {
            var answer = await scene.AskAsync(path);
            Assert.Equal((unknown.Outcome, unknown.Text), (answer.Outcome, answer.Text));
        }
    }

    public static TheoryData<string> Garbage =>
        ["", "0", "zz", "..%2f..%2fetc%2fpasswd", "%ff%fe", "a b", "{8e2f1f0a-0000-0000-0000-000000000000}", "-1", "0x1f", "' or 1=1 --", new string('a', 33), new string('f', 500), new string(':', 90), "acme/directory", "pki/root.pem", "healthz", "account/sign-in"];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_IsNotFound(string path)
    {
        await using var scene = await LookupScene.StartAsync();
        Assert.Equal((404, "malformed"), (await scene.AskAsync(path, accept: "text/html")).Outcome);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task OtherMethods_AreRefused(string method)
    {
        await using var scene = await LookupScene.StartAsync();
        var answer = await scene.AskAsync(new string('a', 32), new HttpMethod(method));
        Assert.Equal((405, "malformed"), answer.Outcome);
        Assert.Equal(["GET", "HEAD"], answer.Headers["Allow"]);
    }

    [Fact]
    public async Task Lookup_IsNotOnThePortalsPort()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var (order, serial) = await scene.BeginAsync(client);
        Assert.Equal(200, (int)(await scene.AskAsync(serial)).Status);
        foreach (var path in new[] { serial, $"{IdOf(order):D}" }) Assert.Equal(404, (int)(await client.GetAsync($"{scene.Star.Portal.BaseUrl}{path}")).Status);
    }

    [Fact]
    public async Task Lookup_DoesNotListen_WithoutDraftCompatibility()
    {
        await using var scene = await LookupScene.StartAsync(("Star:DraftCompatibility", "false"));
        await Assert.ThrowsAsync<HttpRequestException>(() => scene.AskAsync(new string('a', 32)));
    }

    [Fact]
    public async Task Address_IsHeldBack_WhenItAsksTooOften()
    {
        await using var scene = await LookupScene.StartAsync(("RateLimits:RequestsPerMinute", "60"));
        List<AcmeAnswer> answers = [];
        while (answers is not [.., { Status: HttpStatusCode.TooManyRequests }] && answers.Count < 200) answers.Add(await scene.AskAsync($"{answers.Count + 1:x}"));
        Assert.Equal((429, "rateLimited"), answers[^1].Outcome);
        Assert.Single(answers[^1].Headers["Retry-After"]);
        Assert.True(answers.Count > 60);
    }

    [Fact]
    public async Task Fetches_AreCounted_AsThoseOfTheStarCertificateAre()
    {
        await using var scene = await LookupScene.StartAsync();
        using var client = await scene.Star.NewAccountAsync();
        var id = IdOf((await scene.BeginAsync(client)).Order);
        var counter = scene.Star.Portal.Get<FetchCounter>();
        await counter.FlushAsync(TestContext.Current.CancellationToken);
        var before = await FetchesAsync(scene, id);
        await scene.AskAsync($"{id:D}");
        await counter.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, await FetchesAsync(scene, id));
    }

    [Fact]
    public async Task Start_IsRefused_WhenTheLookupHasThePortalsPort()
    {
        var port = $"{FreePorts.Take(1)[0]}";
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () => await WebPortal.StartAsync(new Dictionary<string, string?> { ["Portal:HttpsPort"] = port, ["Star:LookupPort"] = port }));
        Assert.Contains("Star:LookupPort and Portal:HttpsPort are both", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    private static Guid IdOf(AcmeAnswer order) => Guid.ParseExact(StarOrderScene.UrlOf(order).Split('/')[^1], "N");

    private static async Task<long> FetchesAsync(LookupScene scene, Guid id)
    {
        await using var db = scene.Star.Portal.NewDb();
        return (await db.StarOrders.AsNoTracking().SingleAsync(order => order.FetchId == id, TestContext.Current.CancellationToken)).Fetches;
    }
}

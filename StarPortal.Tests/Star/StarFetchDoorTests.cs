using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Star;

/// <summary>The star-certificate resource: RFC 8739 sections 3.3, 3.4, 4.3 and 6.3.</summary>
[Trait("Category", "Unit")]
public sealed class StarFetchDoorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>3.3, 3.4.</summary>
    [Fact]
    public async Task Get_HasTheHeadersOfTheRfc()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        var fetched = await scene.GetAsync(valid);
        using var certificate = StarOrderScene.Read(fetched);
        Assert.Equal((200, "application/pem-certificate-chain"), ((int)fetched.Status, fetched.MediaType));
        Assert.Equal(HttpDate(certificate.NotBefore), Header(fetched, "Cert-Not-Before"));
        Assert.Equal(HttpDate(certificate.NotAfter), Header(fetched, "Cert-Not-After"));
        Assert.EndsWith("/acme/directory", fetched.LinkOf("index"), StringComparison.Ordinal);
        Assert.Equal($"\"{certificate.SerialNumber.ToLowerInvariant().PadLeft(32, '0')[^32..]}\"", Header(fetched, "ETag"));
        Assert.Equal("public, must-revalidate, max-age=10800", Header(fetched, "Cache-Control")); // The next one is published at half time.
        Assert.Equal(2, fetched.Text.Split("-----BEGIN CERTIFICATE-----").Length - 1);
    }

    /// <summary>3.4: GET and HEAD.</summary>
    [Fact]
    public async Task Head_HasTheSameHeaders_AndNoBody()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        var (get, head) = (await scene.GetAsync(valid), await scene.GetAsync(valid, HttpMethod.Head));
        Assert.Empty(head.Body);
        foreach (var header in new[] { "Cert-Not-Before", "Cert-Not-After", "ETag", "Cache-Control", "Content-Length", "Content-Type" }) Assert.Equal(Header(get, header), Header(head, header));
    }

    /// <summary>3.4: no cache keeps a certificate past its end, nor past the publication of the next.</summary>
    [Fact]
    public async Task CacheControl_EndsWithTheCertificate()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("public, must-revalidate, max-age=3600", Header(await scene.GetAsync(valid), "Cache-Control"));
        await scene.PassAsync(TimeSpan.FromHours(20)); // The last one, which nothing follows.
        Assert.Equal("public, must-revalidate, max-age=7200", Header(await scene.GetAsync(valid), "Cache-Control"));
    }

    /// <summary>6.3: who tries id after id is refused after some, without the database being asked; those that there are are served to the same address all the while.</summary>
    [Fact]
    public async Task GuessedIds_AreRefused_PastALimit()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        Assert.Equal(200, (int)(await scene.GetAsync(valid)).Status);
        for (var i = 0; i < FetchGuesses.PerMinute; i++) Assert.Equal((404, "malformed"), (await GuessAsync(scene, valid)).Outcome);
        var refused = await GuessAsync(scene, valid);
        Assert.Equal((429, "rateLimited"), refused.Outcome);
        Assert.Equal("1", Header(refused, "Retry-After"));
        scene.Portal.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(429, (int)(await GuessAsync(scene, valid)).Status);
        Assert.Equal(200, (int)(await scene.GetAsync(valid)).Status);
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, (int)(await GuessAsync(scene, valid)).Status);
    }

    [Fact]
    public async Task IfNoneMatch_IsAnswered304_UntilTheNextIsPublished()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        var tag = Header(await scene.GetAsync(valid), "ETag");
        var known = await GetAsync(scene, valid, $"\"other\", {tag}");
        Assert.Equal((304, ""), ((int)known.Status, known.Text));
        Assert.Equal(tag, Header(known, "ETag"));
        await scene.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal(200, (int)(await GetAsync(scene, valid, tag)).Status);
        Assert.Equal(200, (int)(await GetAsync(scene, valid, "not a tag")).Status);
    }

    /// <summary>3.3: by its account always.</summary>
    [Fact]
    public async Task PostAsGet_WorksAlways_ForItsAccountOnly()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        using var other = await scene.NewAccountAsync();
        var secret = await scene.BeginAsync(client, scene.Renewal(renewal => renewal.Remove("allow-certificate-get")));
        var open = await scene.BeginAsync(client);
        foreach (var order in new[] { secret, open })
        {
            Assert.Equal(200, (int)(await client.PostAsync(StarOrderScene.UrlOf(order))).Status);
            Assert.Equal((404, "malformed"), (await other.PostAsync(StarOrderScene.UrlOf(order))).Outcome);
            Assert.Equal((400, "malformed"), (await client.PostAsync(StarOrderScene.UrlOf(order), new JsonObject())).Outcome);
        }

        Assert.Contains("private", Header(await client.PostAsync(StarOrderScene.UrlOf(secret)), "Cache-Control"), StringComparison.Ordinal);
    }

    /// <summary>3.4: only where the order asked for it, and the server allows it.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Get_ThatWasNotNegotiated_IsRefused(bool asked, bool allowed)
    {
        await using var scene = await StarOrderScene.StartAsync(settings: [("Star:AllowCertificateGet", allowed ? "true" : "false")]);
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client, scene.Renewal(renewal => renewal["allow-certificate-get"] = asked));
        Assert.Null(valid.Json["auto-renewal"]!["allow-certificate-get"]);
        Assert.Equal((403, "unauthorized"), (await scene.GetAsync(valid)).Outcome);
        Assert.Equal(403, (int)(await scene.GetAsync(valid, HttpMethod.Head)).Status);
        Assert.Equal(allowed, (await client.DirectoryAsync())["meta"]!["auto-renewal"]!["allow-certificate-get"] is not null);
    }

    /// <summary>6.3: the address is a secret of 128 bits, and nothing else finds the certificate.</summary>
    [Fact]
    public async Task Ids_ThatAreGuessed_FindNothing()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        var url = StarOrderScene.UrlOf(valid);
        Assert.NotEqual(valid.Location![^32..], url[^32..]);
        foreach (var guess in new[] { valid.Location[^32..], Guid.NewGuid().ToString("N"), url[^32..].ToUpperInvariant() + "x", "x", new string('a', 500), url[^32..^1] })
            Assert.Equal((404, "malformed"), (await new AcmeClient(scene.Portal.Client).GetAsync(url[..^32] + guess)).Outcome);
    }

    /// <summary>The worker stands still: what is valid is served and soon asked for again; what has ended is not served.</summary>
    [Fact]
    public async Task Fetch_WhileTheEngineIsStopped_ServesNothingThatHasEnded()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal("public, must-revalidate, max-age=10", Header(await scene.GetAsync(valid), "Cache-Control"));
        scene.Portal.Clock.Advance(TimeSpan.FromHours(2));
        var late = await scene.GetAsync(valid);
        Assert.Equal((503, "serverInternal"), late.Outcome);
        Assert.Equal("5", Header(late, "Retry-After"));
        await scene.RenewAsync();
        Assert.Equal(200, (int)(await scene.GetAsync(valid)).Status);
    }

    [Fact]
    public async Task Fetches_AreCounted_WithWhoCameLast()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        for (var i = 0; i < 3; i++) await scene.GetAsync(valid);
        await scene.Portal.Get<FetchCounter>().FlushAsync(Ct);
        await scene.GetAsync(valid);
        await scene.Portal.Get<FetchCounter>().FlushAsync(Ct);
        await using var db = scene.Portal.NewDb();
        var order = await db.StarOrders.AsNoTracking().SingleAsync(Ct);
        Assert.Equal((4, scene.Now), (order.Fetches, order.LastFetchAt));
        Assert.True(System.Net.IPAddress.IsLoopback(System.Net.IPAddress.Parse(order.LastFetchFrom!)));
    }

    private static async Task<AcmeAnswer> GetAsync(StarOrderScene scene, AcmeAnswer order, string ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, StarOrderScene.UrlOf(order));
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        using var response = await scene.Portal.Client.SendAsync(request, Ct);
        return await AcmeAnswer.ReadAsync(response);
    }

    private static string Header(AcmeAnswer answer, string name) => Assert.Single(answer.Headers[name]);

    private static Task<AcmeAnswer> GuessAsync(StarOrderScene scene, AcmeAnswer order) => new AcmeClient(scene.Portal.Client).GetAsync(StarOrderScene.UrlOf(order)[..^32] + Guid.NewGuid().ToString("N"));

    private static string HttpDate(DateTime time) => time.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);
}

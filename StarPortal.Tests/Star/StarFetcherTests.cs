using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>Polls of a real server: what may replace the certificate in hand, and what may not.</summary>
[Trait("Category", "Unit")]
public sealed class StarFetcherTests
{
    /// <summary>How often the server said so.</summary>
    private int notModified;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_PutsTheChainInPlace_WhenThereWasNone()
    {
        await using var scene = await FetchScene.StartAsync();
        var pem = scene.Chain();
        scene.Server.Answers(pem, ("Cache-Control", "max-age=600"), ("Cert-Not-After", scene.Clock.GetUtcNow().AddHours(5).ToString("R")));
        var poll = await scene.PollAsync();
        Assert.Equal((PollOutcome.Replaced, pem), (poll.Outcome, scene.InPlace));
        Assert.Equal((TimeSpan.FromMinutes(10), poll.Held!.Value.NotAfter), (poll.Hints.Fresh, poll.Hints.CertNotAfter));
        Assert.Equal([scene.File.KeyPath, scene.File.FullPath], Directory.GetFiles(scene.Folder.FullPath).Order());
    }

    [Fact]
    public async Task Poll_AsksForPem_AndWithoutAnythingThatChanges()
    {
        await using var scene = await FetchScene.StartAsync();
        HttpRequest? asked = null;
        string accept = "", method = "";
        scene.Server.Answer = context =>
        {
            (asked, accept, method) = (context.Request, context.Request.Headers.Accept.ToString(), context.Request.Method);
            return Task.CompletedTask;
        };
        await scene.PollAsync();
        Assert.NotNull(asked);
        Assert.Equal(("GET", "application/pem-certificate-chain"), (method, accept));
    }

    [Fact]
    public async Task Poll_SendsTheETag_AndKeepsTheFile_WhenNotModified()
    {
        await using var scene = await FetchScene.StartAsync();
        AnswerWithETag(scene, scene.Chain(), "W/\"a,b\"");
        Assert.Equal(PollOutcome.Replaced, (await scene.PollAsync()).Outcome);
        var written = File.GetLastWriteTimeUtc(scene.File.FullPath);
        Assert.Equal(0, notModified);
        var poll = await scene.PollAsync();
        Assert.Equal((PollOutcome.Unchanged, TimeSpan.FromMinutes(1), 1), (poll.Outcome, poll.Hints.Fresh, notModified));
        Assert.Equal(written, File.GetLastWriteTimeUtc(scene.File.FullPath));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Somebody else's.")]
    public async Task Poll_FetchesTheWhole_WhenTheFileWasChangedByOthers(string? content)
    {
        await using var scene = await FetchScene.StartAsync();
        var pem = scene.Chain();
        AnswerWithETag(scene, pem, "\"1\"");
        await scene.PollAsync();
        if (content is null) File.Delete(scene.File.FullPath);
        else await File.WriteAllTextAsync(scene.File.FullPath, content, Ct);
        Assert.Equal((PollOutcome.Replaced, pem), ((await scene.PollAsync()).Outcome, scene.InPlace));
    }

    [Fact]
    public async Task Poll_FetchesTheWhole_WhenAnotherGoodCertificateWasPutInPlace()
    {
        await using var scene = await FetchScene.StartAsync();
        var pem = scene.Chain();
        AnswerWithETag(scene, pem, "\"1\"");
        await scene.PollAsync();
        await File.WriteAllTextAsync(scene.File.FullPath, scene.Chain(-2, 2), Ct);
        Assert.Equal((PollOutcome.Replaced, pem), ((await scene.PollAsync()).Outcome, scene.InPlace));
    }

    [Fact]
    public async Task Poll_Fails_WhenWhatIsNotModifiedHasEnded()
    {
        var clock = new TestClock();
        await using var scene = await FetchScene.StartAsync(clock);
        AnswerWithETag(scene, scene.Chain(), "\"1\"");
        await scene.PollAsync();
        clock.Advance(TimeSpan.FromHours(6));
        var poll = await scene.PollAsync();
        Assert.Equal(PollOutcome.Failed, poll.Outcome);
        Assert.Contains("has ended", poll.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_Fails_WhenNotModifiedAnswersAnUnconditionalRequest()
    {
        await using var scene = await FetchScene.StartAsync();
        scene.Server.Answer = Status(304);
        Assert.Equal(PollOutcome.Failed, (await scene.PollAsync()).Outcome);
    }

    [Fact]
    public async Task Poll_IsUnchanged_WhenTheSameComesWithoutETag()
    {
        await using var scene = await FetchScene.StartAsync();
        var pem = await scene.HoldAsync();
        scene.Server.Answers("A remark.\r\n" + pem.ReplaceLineEndings("\r\n") + "\r\n");
        Assert.Equal((PollOutcome.Unchanged, pem), ((await scene.PollAsync()).Outcome, scene.InPlace));
    }

    [Theory]
    [InlineData("autoRenewalCanceled", "was canceled")]
    [InlineData("autoRenewalExpired", "is over")]
    public async Task Poll_IsTheEnd_WhenTheOrderIs(string type, string words)
    {
        await using var scene = await FetchScene.StartAsync();
        var pem = await scene.HoldAsync();
        scene.Server.Refuses(type);
        var poll = await scene.PollAsync();
        Assert.Equal((PollOutcome.Ended, pem), (poll.Outcome, scene.InPlace));
        Assert.Contains(words, poll.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poll_IsNotTheEnd_WhenAnotherAnswerNamesIt()
    {
        await using var scene = await FetchScene.StartAsync();
        scene.Server.Refuses("autoRenewalCanceled", 503);
        Assert.Equal(PollOutcome.Failed, (await scene.PollAsync()).Outcome);
        scene.Server.Answer = Status(403);
        Assert.Equal(PollOutcome.Failed, (await scene.PollAsync()).Outcome);
    }

    [Fact]
    public async Task Poll_SaysWhatTheServerSaid_OnOneLineWithoutControlCharacters_AndWhenToComeBack()
    {
        await using var scene = await FetchScene.StartAsync();
        scene.Server.Answer = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "120");
            return context.Response.WriteAsync("""{"type":"x","detail":"Slow\r\ndown\u001b[2J"}""");
        };
        var poll = await scene.PollAsync();
        Assert.Equal("The server answered 429: Slow  down [2J.", poll.Text);
        Assert.Equal(TimeSpan.FromMinutes(2), poll.Hints.RetryAfter);
    }

    public static TheoryData<Func<string, string>, string> BadBodies => new()
    {
        { _ => "", "no PEM certificate" },
        { _ => "<html>Welcome!</html>", "no PEM certificate" },
        { pem => pem[..200], "no PEM certificate" },
        { pem => pem[..^200], "cut off" },
        { pem => pem[..100] + "*" + pem[101..], "damaged" },
        { pem => pem.Replace("CERTIFICATE-----\nMI", "CERTIFICATE-----\nMJ", StringComparison.Ordinal), "no certificate" },
        { pem => pem + ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem(), "PRIVATE KEY" },
        { _ => PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]), "no certificate" },
    };

    [Theory]
    [MemberData(nameof(BadBodies), DisableDiscoveryEnumeration = true)]
    public async Task Poll_KeepsTheGoodOne_WhenTheBodyIsBad(Func<string, string> spoil, string words)
    {
        await using var scene = await FetchScene.StartAsync();
        await KeepsAsync(scene, () => scene.Server.Answers(spoil(scene.Chain(0, 9))), words);
    }

    [Fact]
    public async Task Poll_KeepsTheGoodOne_WhenTheNewOneIsForAnotherKey()
    {
        await using var scene = await FetchScene.StartAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await KeepsAsync(scene, () => scene.Server.Answers(scene.Chain(0, 9, other)), "not for the key");
    }

    [Fact]
    public async Task Poll_KeepsTheGoodOne_WhenTheKeyCannotBeRead()
    {
        await using var scene = await FetchScene.StartAsync();
        await KeepsAsync(scene, () =>
        {
            File.WriteAllText(scene.File.KeyPath, "no key");
            scene.Server.Answers(scene.Chain(0, 9));
        }, "not for the key");
    }

    [Fact]
    public async Task Poll_TakesAnyKeys_WhenThereIsNoKeyFile()
    {
        await using var scene = await FetchScene.StartAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.Delete(scene.File.KeyPath);
        scene.Server.Answers(scene.Chain(key: other));
        Assert.Equal(PollOutcome.Replaced, (await scene.PollAsync()).Outcome);
    }

    [Theory]
    [InlineData(-9, -0.01, "has ended")]
    [InlineData(0.01, 9, "not valid before")]
    [InlineData(-2, 9, "older")]
    [InlineData(-1, 4, "older")]
    public async Task Poll_KeepsTheGoodOne_WhenTheNewOnesTimeIsWrong(double from, double to, string words)
    {
        await using var scene = await FetchScene.StartAsync();
        await KeepsAsync(scene, () => scene.Server.Answers(scene.Chain(from, to)), words);
    }

    [Theory]
    [InlineData(-0.5, 1)]
    [InlineData(-1, 6)]
    public async Task Poll_Replaces_WhenTheNewOneBeginsLaterOrEndsLater(double from, double to)
    {
        await using var scene = await FetchScene.StartAsync();
        await scene.HoldAsync();
        var pem = scene.Chain(from, to);
        scene.Server.Answers(pem);
        Assert.Equal((PollOutcome.Replaced, pem), ((await scene.PollAsync()).Outcome, scene.InPlace));
    }

    /// <summary>Older counts only against a certificate that serves.</summary>
    [Fact]
    public async Task Poll_Replaces_WhenTheOneInPlaceIsForAnotherKey()
    {
        await using var scene = await FetchScene.StartAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(scene.File.FullPath, scene.Chain(0, 9, other), Ct);
        scene.Server.Answers(scene.Chain(-1, 1));
        Assert.Equal(PollOutcome.Replaced, (await scene.PollAsync()).Outcome);
    }

    [Fact]
    public async Task Poll_KeepsTheGoodOne_WhenTheServerIsDown()
    {
        await using var scene = await FetchScene.StartAsync(url: new Uri($"https://localhost:{FreePorts.Take(1)[0]}/"));
        await File.WriteAllTextAsync(scene.File.FullPath, scene.Chain(), Ct);
        var poll = await scene.PollAsync();
        Assert.Equal((PollOutcome.Failed, true), (poll.Outcome, poll.Held is not null));
        Assert.Contains("can't be asked", poll.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_000_000)]
    [InlineData(256 * 1024 + 1)]
    public async Task Poll_KeepsTheGoodOne_WhenTheBodyIsHuge(int octets)
    {
        await using var scene = await FetchScene.StartAsync();
        await KeepsAsync(scene, () => scene.Server.Answers(scene.Chain(0, 9) + new string('\n', octets)), "longer than");
    }

    [Fact]
    public async Task Poll_KeepsTheGoodOne_WhenTheBodyHasNoEnd()
    {
        await using var scene = await FetchScene.StartAsync();
        await KeepsAsync(scene, () => scene.Server.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.WriteAsync(new string('\n', 10_000), context.RequestAborted);
        }, "longer than");
    }

    [Fact]
    public async Task Poll_KeepsTheGoodOne_WhenTheAnswerNeverComes()
    {
        await using var scene = await FetchScene.StartAsync(limits: new FetchLimits { Timeout = TimeSpan.FromSeconds(1) });
        await KeepsAsync(scene, () => scene.Server.Answer = async context =>
        {
            await context.Response.WriteAsync("-----BEGIN", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }, "within 1 seconds");
    }

    [Fact]
    public async Task Poll_KeepsTheGoodOne_WhenTheAnswerBreaksOff()
    {
        await using var scene = await FetchScene.StartAsync();
        await using var breaker = ScriptedServer.Http(IPAddress.Loopback, _ => ScriptedServer.Ok(scene.Chain(0, 9)).Replace("Content-Length: ", "Content-Length: 1", StringComparison.Ordinal));
        await KeepsAsync(scene, () => scene.Server.Answer = Redirect($"http://127.0.0.1:{breaker.Port}/"), "broke off");
    }

    [Theory]
    [InlineData("http://example.org/x", "not https")]
    [InlineData("ftp://localhost/x", "not https")]
    [InlineData("/again", "more than 5 times")]
    public async Task Poll_KeepsTheGoodOne_WhenRedirectedBadly(string location, string words)
    {
        await using var scene = await FetchScene.StartAsync();
        await KeepsAsync(scene, () => scene.Server.Answer = Redirect(location), words);
    }

    [Fact]
    public async Task Poll_FollowsARedirect()
    {
        await using var scene = await FetchScene.StartAsync();
        var pem = scene.Chain();
        scene.Server.Answer = context => context.Request.Path == "/there" ? context.Response.WriteAsync(pem) : Redirect("/there")(context);
        Assert.Equal((PollOutcome.Replaced, pem), ((await scene.PollAsync()).Outcome, scene.InPlace));
        Assert.Equal(2, scene.Server.Requests);
    }

    [Theory]
    [InlineData("https://a.example/", "https://b.example/", true)]
    [InlineData("https://a.example/", "http://a.example/", false)]
    [InlineData("https://localhost/", "http://localhost/", false)]
    [InlineData("http://localhost/", "https://a.example/", true)]
    [InlineData("http://localhost/", "http://127.0.0.1/", true)]
    public void Redirect_NeverLeavesHttps(string from, string to, bool isAllowed) => Assert.Equal(isAllowed, StarUrl.MayLeadTo(new Uri(from), new Uri(to)));

    [Fact]
    public async Task Poll_Fails_WhenTheFolderIsGone()
    {
        await using var scene = await FetchScene.StartAsync();
        Directory.Delete(scene.Folder.FullPath, recursive: true);
        scene.Server.Answers(scene.Chain());
        Assert.Equal(PollOutcome.Failed, (await scene.PollAsync()).Outcome);
    }

    private static async Task KeepsAsync(FetchScene scene, Action spoil, string words)
    {
        var good = await scene.HoldAsync();
        spoil();
        var poll = await scene.PollAsync();
        Assert.Equal((PollOutcome.Failed, good), (poll.Outcome, scene.InPlace));
        Assert.Contains(words, poll.Text, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(scene.Folder.FullPath).Length);
    }

    private void AnswerWithETag(FetchScene scene, string pem, string etag) => scene.Server.Answer = context =>
    {
        context.Response.Headers.CacheControl = "max-age=60";
        context.Response.Headers.ETag = etag;
        if (context.Request.Headers.IfNoneMatch != etag) return context.Response.WriteAsync(pem);
        notModified++;
        context.Response.StatusCode = 304;
        return Task.CompletedTask;
    };

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static RequestDelegate Redirect(string location) => context =>
    {
        (context.Response.StatusCode, context.Response.Headers.Location) = (302, location);
        return Task.CompletedTask;
    };
}

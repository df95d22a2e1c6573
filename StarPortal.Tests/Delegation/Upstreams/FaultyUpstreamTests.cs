using System.Text;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A CA that misbehaves: each fault is told by its kind, in bounded time and memory.</summary>
[Trait("Category", "Unit")]
public sealed class FaultyUpstreamTests : IAsyncDisposable
{
    private const string Name = "www.example.org";

    private readonly FaultyUpstream upstream = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => upstream.DisposeAsync();

    [Fact]
    public async Task Certificate_IsIssued_WhenNothingIsWrong()
    {
        var chain = await IssueAsync();
        Assert.Equal(TimeSpan.FromHours(6 * 24 + 1), chain.Life.Length);
        Assert.Equal(["GET /dir", "POST /account", "POST /new", "POST /finalize", "POST /order", "POST /certificate"], upstream.Asked);
    }

    public static TheoryData<string, string, UpstreamFailure, string> Answers => new()
    {
        { "GET /dir", "<html>Welcome!</html>", UpstreamFailure.Nonsense, "not JSON" },
        { "GET /dir", "[]", UpstreamFailure.Nonsense, "not a JSON object" },
        { "GET /dir", "{}", UpstreamFailure.Nonsense, "newNonce is missing" },
        { "GET /dir", """{"newNonce":7}""", UpstreamFailure.Nonsense, "newNonce is not a text" },
        { "GET /dir", """{"newNonce":"https://elsewhere.example/nonce"}""", UpstreamFailure.Nonsense, "may only name URLs of 127.0.0.1" },
        { "GET /dir", """{"newNonce":"file:///etc/passwd"}""", UpstreamFailure.Nonsense, "not an https URL" },
        { "GET /dir", """{"newNonce":"a","newNonce":"b"}""", UpstreamFailure.Nonsense, "not JSON" },
        { "GET /dir", """{"newNonce":"/n","newAccount":"/a","newOrder":"/o","meta":{"auto-renewal":{"min-lifetime":-1,"max-duration":1}}}""", UpstreamFailure.Nonsense, "min-lifetime" },
        { "POST /account", """{"status":"valid"}""", UpstreamFailure.Nonsense, "no Location" },
        { "POST /account", """{"status":"fine"}""", UpstreamFailure.Nonsense, "no Location" },
        { "POST /new", """{"status":"ready"}""", UpstreamFailure.Nonsense, "no Location" },
        { "POST /order", """{"status":"perhaps"}""", UpstreamFailure.Nonsense, "status of the order" },
        { "POST /order", "", UpstreamFailure.Nonsense, "not JSON" },
        { "POST /order", """{"status":"valid","identifiers":{}}""", UpstreamFailure.Nonsense, "identifiers is not a list" },
        { "POST /order", """{"status":"valid","identifiers":[{"type":"dns","value":"a b"}]}""", UpstreamFailure.Nonsense, "identifier" },
        { "POST /order", """{"status":"valid","identifiers":[],"authorizations":[],"finalize":"/f","expires":"soon"}""", UpstreamFailure.Nonsense, "expires is not a time" },
        { "POST /order", "{\"status\":\"\\ud800\"}", UpstreamFailure.Nonsense, "not JSON" },
        { "POST /order", """{"status":"valid","identifiers":[],"authorizations":[],"finalize":"/f"}""", UpstreamFailure.Nonsense, "no certificate" },
        { "POST /certificate", "{}", UpstreamFailure.Nonsense, "application/pem-certificate-chain" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Answer_IsNotBelieved(string request, string body, UpstreamFailure failure, string words)
    {
        upstream.Fault = asked => asked == request ? upstream.Json(body) : null;
        var error = await UpstreamScene.FailsAsync(failure, IssueAsync);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_IsRefused_WhenItsStatusIsUnknown()
    {
        upstream.Fault = asked => asked == "POST /account" ? upstream.Json("""{"status":"fine"}""", 201, $"Location: {upstream.Url}/account/1") : null;
        await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, IssueAsync);
    }

    [Theory]
    [InlineData("GET /dir", 301)]
    [InlineData("POST /new", 307)]
    [InlineData("POST /certificate", 302)]
    public async Task Redirect_IsNotFollowed(string request, int status)
    {
        upstream.Fault = asked => asked == request ? upstream.Json("", status, $"Location: {upstream.Url}/dir") : null;
        Assert.Contains("redirects", (await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, IssueAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(request, upstream.Asked.Last());
    }

    [Theory]
    [InlineData("GET /dir")]
    [InlineData("POST /new")]
    public async Task Silence_IsSlow(string request)
    {
        upstream.Play = (asked, _, ct) => asked == request ? WaitAsync(ct) : Task.FromResult(false);
        await UpstreamScene.FailsAsync(UpstreamFailure.Slow, () => IssueAsync(Hasty));
    }

    [Fact]
    public async Task Body_ThatTrickles_IsSlow()
    {
        upstream.Play = async (asked, stream, ct) =>
        {
            if (asked != "POST /new") return false;
            await stream.WriteAsync("HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray(), ct);
            return await WaitAsync(ct);
        };
        await UpstreamScene.FailsAsync(UpstreamFailure.Slow, () => IssueAsync(Hasty));
    }

    [Fact]
    public async Task Body_WithoutEnd_IsNonsense()
    {
        upstream.Play = async (asked, stream, ct) =>
        {
            if (asked != "POST /certificate") return false;
            await stream.WriteAsync("HTTP/1.1 200 X\r\nContent-Type: application/pem-certificate-chain\r\n\r\n"u8.ToArray(), ct);
            while (true) await stream.WriteAsync(new byte[10_000], ct);
        };
        Assert.Contains("longer than", (await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, IssueAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatBreaksOff_IsUnreachable()
    {
        upstream.Play = async (asked, stream, ct) =>
        {
            if (asked != "POST /order") return false;
            await stream.WriteAsync("HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray(), ct);
            return true;
        };
        await UpstreamScene.FailsAsync(UpstreamFailure.Unreachable, IssueAsync);
    }

    [Fact]
    public async Task NoServer_IsUnreachable()
    {
        var server = new UpstreamServer(new Uri($"https://localhost:{FreePorts.Take(1)[0]}/dir"));
        Assert.True((await UpstreamScene.FailsAsync(UpstreamFailure.Unreachable, () => IssueAsync(server))).MayPass);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 X\r\nConnection: close\r\n\r\n", "no Replay-Nonce")]
    [InlineData("HTTP/1.1 200 X\r\nReplay-Nonce: a b\r\nConnection: close\r\n\r\n", "not base64url")]
    public async Task Nonce_ThatIsNone_IsNonsense(string answer, string words)
    {
        upstream.Fault = asked => asked switch
        {
            "HEAD /nonce" => answer,
            "GET /dir" => $$"""HTTP/1.1 200 X{{"\r\nConnection: close\r\n\r\n"}}{"newNonce":"/nonce","newAccount":"/account","newOrder":"/new"}""",
            _ => null,
        };
        Assert.Contains(words, (await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, IssueAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadNonce_IsTriedAgain_ButNotForEver()
    {
        var refusals = 3;
        upstream.Fault = asked => asked == "POST /new" && refusals-- > 0 ? upstream.Problem("badNonce", 400) : null;
        await IssueAsync();
        refusals = int.MaxValue;
        Assert.True((await UpstreamScene.FailsAsync(UpstreamFailure.Refused, IssueAsync)).Problem!.Is("badNonce"));
        Assert.Equal(4 + 9, upstream.Asked.Count(asked => asked == "POST /new"));
    }

    [Fact]
    public async Task RateLimit_IsTold_ByADelay()
    {
        upstream.Fault = asked => asked == "POST /new" ? upstream.Problem("rateLimited", 429, "Too many certificates.", "Retry-After: 3600") : null;
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.RateLimited, IssueAsync);
        AssertIn(TimeSpan.FromHours(1), error);
        Assert.Contains("Too many certificates.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The server's clock is ten years behind: what counts is the difference.</summary>
    [Theory]
    [InlineData("Thu, 01 Jan 2015 02:00:00 GMT", 2)]
    [InlineData("Fri, 31 Dec 9999 00:00:00 GMT", 7 * 24)]
    [InlineData("Wed, 31 Dec 2014 00:00:00 GMT", 0)]
    public async Task RateLimit_IsTold_ByADate(string date, int hours)
    {
        upstream.Fault = asked => asked == "POST /new" ? upstream.Problem("rateLimited", 403, "No.", $"Retry-After: {date}", "Date: Thu, 01 Jan 2015 00:00:00 GMT") : null;
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.RateLimited, IssueAsync);
        AssertIn(TimeSpan.FromHours(hours), error);
    }

    [Theory]
    [InlineData("serverInternal", 500, UpstreamFailure.Unavailable)]
    [InlineData("malformed", 503, UpstreamFailure.Unavailable)]
    [InlineData("rejectedIdentifier", 400, UpstreamFailure.Refused)]
    [InlineData("unauthorized", 403, UpstreamFailure.Refused)]
    public async Task Refusal_IsOfItsKind(string type, int status, UpstreamFailure failure)
    {
        upstream.Fault = asked => asked == "POST /new" ? upstream.Problem(type, status) : null;
        Assert.Equal(status, (await UpstreamScene.FailsAsync(failure, IssueAsync)).Problem!.Status);
    }

    [Fact]
    public async Task Problem_WithAHugeDetail_IsARefusalAllTheSame()
    {
        upstream.Fault = asked => asked == "POST /new" ? upstream.Problem("unauthorized", 403, new string('x', 10_000_000)) : null;
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.Refused, IssueAsync);
        Assert.InRange(error.Message.Length, 1, 300);
    }

    [Fact]
    public async Task Problem_IsOneLine_WithItsSubproblems()
    {
        upstream.Fault = asked => asked == "POST /new" ? upstream.Answer(403, "application/problem+json", """
            {"type":"urn:ietf:params:acme:error:compound","detail":"Two\nfaults\u001b[2J","subproblems":[{"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","identifier":{"type":"dns","value":"a.example"}},7]}
            """) : null;
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.Refused, IssueAsync);
        Assert.StartsWith("The upstream CA refused: compound: Two faults [2J; caa for dns:a.example: CAA forbids", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("processing", UpstreamFailure.Slow)]
    [InlineData("pending", UpstreamFailure.Slow)]
    [InlineData("invalid", UpstreamFailure.Refused)]
    public async Task Order_ThatNeverBecomesValid_EndsTheWait(string status, UpstreamFailure failure)
    {
        upstream.Fault = asked => asked == "POST /order" ? upstream.Order(status, """,  "error":{"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids"}""") : null;
        var error = await UpstreamScene.FailsAsync(failure, IssueAsync);
        if (failure is UpstreamFailure.Refused) Assert.Contains("caa: CAA forbids", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_ObeysRetryAfter_AndItsOwnEnd()
    {
        upstream.Fault = asked => asked == "POST /order" ? upstream.Order("processing").Replace("Connection: close", "Connection: close\r\nRetry-After: 3600", StringComparison.Ordinal) : null;
        await UpstreamScene.FailsAsync(UpstreamFailure.Slow, IssueAsync);
        Assert.Single(upstream.Asked, asked => asked == "POST /order");
    }

    [Fact]
    public async Task Order_ForOtherNames_IsNonsense()
    {
        upstream.Fault = asked => asked == "POST /new" ? upstream.Order("ready").Replace("www.example.org", "www.example.com", StringComparison.Ordinal) : null;
        Assert.Contains("other identifiers", (await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, IssueAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_ForAnotherKey_IsRefused()
    {
        upstream.Certify = (ca, _) => ca.Certify(OrderScene.Csr(Name));
        Assert.Contains("another key", (await UpstreamScene.FailsAsync(UpstreamFailure.WrongCertificate, IssueAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenewalInfo_IsRead_AndNonsenseIsNot()
    {
        using var scene = UpstreamScene.At(upstream.Server);
        var client = await scene.RegisterAsync();
        upstream.Fault = asked => asked == "GET /ari/a.b" ? upstream.Json("""{"suggestedWindow":{"start":"2030-01-02T03:04:05Z","end":"2030-01-03T03:04:05+01:00"}}""", 200, "Retry-After: 21600") : null;
        var info = await client.FindRenewalInfoAsync("a.b", Ct);
        Assert.Equal((new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), new DateTimeOffset(2030, 1, 3, 2, 4, 5, TimeSpan.Zero)), (info!.WindowStart, info.WindowEnd));
        Assert.NotNull(info.RetryAt);
        upstream.Fault = asked => asked == "GET /ari/a.b" ? upstream.Json("""{"suggestedWindow":{"start":"2030-01-02T03:04:05Z","end":"2029-01-03T03:04:05Z"}}""") : null;
        await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, () => client.FindRenewalInfoAsync("a.b", Ct));
    }

    [Fact]
    public async Task Alternates_AreFoundInTheLinks()
    {
        upstream.Fault = asked => asked == "POST /certificate"
            ? upstream.Answer(200, "application/pem-certificate-chain", "x", "Link: </cert/1>;rel=\"alternate\", <http://a,b/>;rel=\"index\"", "Link: </cert/2>; REL=alternate") : null;
        using var scene = UpstreamScene.At(upstream.Server);
        var chain = await (await scene.RegisterAsync()).DownloadAsync(new Uri($"{upstream.Url}/certificate"), Ct);
        Assert.Equal([$"{upstream.Url}/cert/1", $"{upstream.Url}/cert/2"], chain.Alternates.Select(url => url.ToString()));
    }

    /// <summary>Any octets of a body end in a value or in the one exception.</summary>
    [Fact]
    public async Task DamagedAnswers_AreRefusedOrRead()
    {
        var mutator = new Mutator(seed: 9115);
        string[] requests = ["GET /dir", "POST /account", "POST /new", "POST /order"];
        var round = 0;
        upstream.Play = async (asked, stream, ct) =>
        {
            if (asked != requests[round % requests.Length] || stream is null) return false;
            var good = asked switch { "GET /dir" => """{"newNonce":"/nonce","newAccount":"/account","newOrder":"/new","meta":{"profiles":{"a":"b"},"caaIdentities":["x"]}}""", "POST /account" => """{"status":"valid","contact":["mailto:a@b"]}""", _ => upstream.Order("valid").Split("\r\n\r\n")[1] };
            var body = mutator.Mutate(Encoding.UTF8.GetBytes(good));
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 X\r\nContent-Length: {body.Length}\r\nReplay-Nonce: x\r\nLocation: /order\r\nConnection: close\r\n\r\n"), ct);
            await stream.WriteAsync(body, ct);
            return true;
        };
        var refused = 0;
        for (; round < 400; round++)
        {
            if (await Record.ExceptionAsync(IssueAsync) is not { } error) continue;
            Assert.IsType<UpstreamException>(error);
            refused++;
        }

        Assert.InRange(refused, 100, 400);
    }

    private static void AssertIn(TimeSpan delay, UpstreamException error) =>
        Assert.InRange(error.RetryAt!.Value - TimeProvider.System.GetUtcNow(), delay - TimeSpan.FromSeconds(30), delay + TimeSpan.FromSeconds(1));

    private UpstreamServer Hasty => upstream.Server with { Limits = upstream.Server.Limits with { Timeout = TimeSpan.FromMilliseconds(300) } };

    private Task<CheckedChain> IssueAsync() => IssueAsync(upstream.Server);

    private static async Task<CheckedChain> IssueAsync(UpstreamServer server)
    {
        using var scene = UpstreamScene.At(server);
        return await UpstreamScene.IssueAsync(await scene.RegisterAsync(), [], Name);
    }

    private static async Task<bool> WaitAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        return true;
    }
}

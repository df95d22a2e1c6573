using System.Collections.Concurrent;
using System.Text;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>http-01 against servers on loopback (RFC 8555 8.3): what is asked, and which answer is right.</summary>
[Trait("Category", "Unit")]
public sealed class Http01Tests : IAsyncDisposable
{
    private readonly Http01Scene scene = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task KeyAuthorization_IsValid_AndTheRequestIsWhatTheRfcSays()
    {
        var head = "";
        scene.Serve(asked =>
        {
            head = asked;
            return ScriptedServer.Ok(Http01Scene.Right);
        });

        var outcome = await scene.ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.StartsWith($"GET {Http01Scene.FirstPath} HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: {ValidationBench.Host}:{scene.Bench.Acme.Http01Port}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: StarPortal-ACME-validation (+https://ca.example/)\r\n", head, StringComparison.Ordinal);
        Assert.Contains(outcome.Trace, line => line == $"connect to 127.0.0.2 port {scene.Bench.Acme.Http01Port}: connected");
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData(" \t\n\n")]
    public async Task WhitespaceAtTheEnd_IsIgnored(string end)
    {
        scene.Serve(_ => ScriptedServer.Ok(Http01Scene.Right + end));
        Assert.True((await scene.ValidateAsync()).IsValid);
    }

    [Fact]
    public async Task Body_InChunks_OrUntilTheEnd_IsRead()
    {
        scene.Serve(asked => asked.Contains("chunks", StringComparison.Ordinal)
            ? $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Http01Scene.Right.Length:x}\r\n{Http01Scene.Right}\r\n0\r\n\r\n"
            : ScriptedServer.Redirect("/chunks"));
        Assert.True((await scene.ValidateAsync()).IsValid);
        scene.Serve(_ => $"HTTP/1.0 200 OK\r\n\r\n{Http01Scene.Right}");
        Assert.True((await scene.ValidateAsync()).IsValid);
    }

    [Theory]
    [InlineData("secret-of-somebody", "octets that are not the key authorization")]
    [InlineData("<html>secret-of-somebody</html>", "a web page")]
    [InlineData("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0.secret-of-somebody", "another account's thumbprint")]
    [InlineData(" \n", "an empty body")]
    [InlineData("", "an empty body")]
    public async Task OtherBody_IsNotValid_AndNotRepeated(string body, string reason)
    {
        scene.Serve(_ => ScriptedServer.Ok(body));
        var outcome = await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, reason);
        Assert.DoesNotContain("secret-of-somebody", outcome.Detail + string.Join('\n', outcome.Trace), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "status 500")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "status 204")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n", "status 304")]
    public async Task OtherStatus_IsNotValid(string answer, string reason)
    {
        scene.Serve(_ => answer);
        await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, reason);
    }

    [Fact]
    public async Task Wildcard_IsNotForHttp() =>
        Assert.Equal(AcmeProblemType.Malformed, (await scene.Bench.Http01.ValidateAsync(ValidationBench.Task(isWildcard: true), Ct)).Problem);

    [Fact]
    public async Task Slots_BoundHowManyRunAtOnce()
    {
        scene.Bench.Acme.ValidationConcurrency = 2;
        var (now, seen, gate) = (0, new ConcurrentBag<int>(), new TaskCompletionSource());
        scene.Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            var here = Interlocked.Increment(ref now);
            seen.Add(here);
            if (here == 2) gate.TrySetResult();
            await gate.Task.WaitAsync(ct);
            Interlocked.Decrement(ref now);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Ok(Http01Scene.Right)), ct);
        });
        var validator = scene.Bench.Http01;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => validator.ValidateAsync(ValidationBench.Task(), Ct)));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsValid, outcome.Detail));
        Assert.Equal(2, seen.Max());
    }

    [Fact]
    public async Task Cancellation_OfTheCaller_IsNoOutcome()
    {
        using var stop = new CancellationTokenSource();
        scene.Play(async (_, ct) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Bench.Http01.ValidateAsync(ValidationBench.Task(), stop.Token));
    }
}

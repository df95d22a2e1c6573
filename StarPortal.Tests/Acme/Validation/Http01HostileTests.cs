using System.Text;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Servers that answer http-01 badly, for ever or not at all (RFC 8555 10.2): given up, with the reason.</summary>
[Trait("Category", "Unit")]
public sealed class Http01HostileTests : IAsyncDisposable
{
    private readonly Http01Scene scene = new();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "not HTTP/1.1")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "not HTTP/1.1")]
    [InlineData("", "closed the connection")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "closed the connection")]
    public async Task AnswerThatIsNoHttp_IsAConnectionProblem(string answer, string reason)
    {
        scene.Serve(_ => answer);
        await scene.InvalidAsync(AcmeProblemType.Connection, reason);
    }

    [Fact]
    public async Task BodyShorterThanItsLength_IsAConnectionProblem()
    {
        scene.Serve(_ => $"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{Http01Scene.Right}");
        await scene.InvalidAsync(AcmeProblemType.Connection, "broke off");
    }

    [Fact]
    public async Task HugeHeader_IsAConnectionProblem()
    {
        scene.Serve(_ => $"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 40_000)}\r\nContent-Length: 0\r\n\r\n");
        await scene.InvalidAsync(AcmeProblemType.Connection, "headers of the answer are too long");
    }

    [Fact]
    public async Task EndlessHeaders_AreAConnectionProblem()
    {
        scene.Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), ct);
            while (true) await stream.WriteAsync("X-More: and more\r\n"u8.ToArray(), ct);
        });
        await scene.InvalidAsync(AcmeProblemType.Connection, "headers of the answer are too long");
    }

    [Fact]
    public async Task EndlessBody_IsNotReadToItsEnd()
    {
        scene.Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), ct);
            while (true) await stream.WriteAsync(new byte[4096], ct);
        });
        await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, "more than 4096 octets");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nLoqX")]
    public async Task ServerThatNeverEnds_IsGivenUp(string beginning)
    {
        scene.Bench.Bounds.Timeout = TimeSpan.FromMilliseconds(400);
        scene.Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), ct);
            await Task.Delay(Timeout.Infinite, ct);
        });
        await scene.InvalidAsync(AcmeProblemType.Connection, "did not come to an end within 0.4 seconds");
    }

    /// <summary>A slow-loris: always one octet more, just before anybody would lose patience with a single read.</summary>
    [Fact]
    public async Task ServerThatDrips_IsGivenUp()
    {
        scene.Bench.Bounds.Timeout = TimeSpan.FromMilliseconds(500);
        scene.Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), ct);
            using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await drip.WaitForNextTickAsync(ct)) await stream.WriteAsync("x"u8.ToArray(), ct);
        });
        await scene.InvalidAsync(AcmeProblemType.Connection, "did not come to an end");
    }
}

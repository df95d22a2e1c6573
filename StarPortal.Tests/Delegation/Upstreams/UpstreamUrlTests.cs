using System.Security.Cryptography;
using StarPortal.Core.Delegation;

namespace StarPortal.Tests.Delegation;

/// <summary>Where an upstream may send the portal: to its own host, and elsewhere only where it is allowed and the guard agrees.</summary>
[Trait("Category", "Unit")]
public sealed class UpstreamUrlTests : IAsyncDisposable
{
    private readonly FaultyUpstream upstream = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Another name of the same machine, so that it is another host.</summary>
    private string Elsewhere => upstream.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public ValueTask DisposeAsync() => upstream.DisposeAsync();

    [Theory]
    [InlineData("/order/1", true)]
    [InlineData("https://CA.example/x?y=1", true)]
    [InlineData("https://ca.example:443/x", true)]
    [InlineData("https://ca.example:8443/x", false)]
    [InlineData("https://ca.example.org/x", false)]
    [InlineData("//other.example/x", false)]
    [InlineData("http://ca.example/x", false)]
    [InlineData("https://user@ca.example/x", false)]
    [InlineData("https://ca.example/x#part", false)]
    [InlineData("https://169.254.169.254/latest", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://", false)]
    public void Url_IsOfTheDirectorysHost(string url, bool isAllowed)
    {
        var directory = new Uri("https://ca.example/acme/directory");
        var error = Record.Exception(() => new UpstreamUrls(new UpstreamServer(directory)).Require(directory, url, "it"));
        Assert.Equal(isAllowed, error is null);
        if (error is not null) Assert.IsType<UpstreamException>(error);
    }

    [Fact]
    public void Url_ThatIsLong_IsRefused() =>
        Assert.Throws<UpstreamException>(() => new UpstreamUrls(new UpstreamServer(new Uri("https://ca.example/"))).Require(new Uri("https://ca.example/"), "/" + new string('a', 3000), "it"));

    [Fact]
    public async Task OtherHost_IsRefused_ByDefault()
    {
        SendElsewhere();
        using var scene = UpstreamScene.At(upstream.Server, allowsPrivate: true);
        await UpstreamScene.FailsAsync(UpstreamFailure.Nonsense, () => scene.RegisterAsync());
    }

    [Fact]
    public async Task OtherHost_IsNotConnectedTo_WhenTheGuardObjects()
    {
        SendElsewhere();
        using var scene = UpstreamScene.At(upstream.Server with { AllowsOtherHosts = true });
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.Unreachable, () => scene.RegisterAsync());
        Assert.Contains("public addresses only", error.Message, StringComparison.Ordinal);
        Assert.Equal(["GET /dir"], upstream.Asked);
    }

    [Fact]
    public async Task OtherHost_IsAsked_WhenTheGuardAgrees()
    {
        SendElsewhere();
        using var scene = UpstreamScene.At(upstream.Server with { AllowsOtherHosts = true }, allowsPrivate: true);
        await scene.RegisterAsync();
        Assert.Equal(["GET /dir", "POST /account"], upstream.Asked);
    }

    [Fact]
    public async Task Directory_IsAskedOnce_AnHour()
    {
        using var scene = UpstreamScene.At(upstream.Server);
        await scene.Connection.GetDirectoryAsync(Ct);
        await scene.Connection.GetDirectoryAsync(Ct);
        Assert.Single(upstream.Asked);
    }

    [Fact]
    public void Upstream_IsRefused_OverPlainHttp_OrWithRootsThatAreNone()
    {
        Assert.Throws<UpstreamException>(() => UpstreamScene.At(upstream.Server with { AllowsPlainHttp = false }));
        Assert.Throws<CryptographicException>(() => UpstreamScene.At(new UpstreamServer(new Uri("https://ca.example/")) { RootsPem = "none" }));
    }

    private void SendElsewhere() => upstream.Fault = asked => asked == "GET /dir"
        ? upstream.Json($$"""{"newNonce":"{{Elsewhere}}/nonce","newAccount":"{{Elsewhere}}/account","newOrder":"{{Elsewhere}}/new"}""") : null;
}

using System.Net;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>What is served for http-01.</summary>
[Trait("Category", "Unit")]
public sealed class PresentedChallengeTests : IAsyncLifetime
{
    private readonly int port = FreePorts.Take(1)[0];
    private readonly HttpClient http = new();
    private ChallengePortal portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => portal = await ChallengePortal.StartAsync(port);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task KeyAuthorization_IsServed_UntilItIsTakenAway()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("token")).Status);
        await portal.Solver.PresentAsync(Asked("token"), Ct);
        await portal.Solver.PresentAsync(Asked("token"), Ct);
        Assert.Equal((HttpStatusCode.OK, "token.thumbprint"), await GetAsync("token"));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("other")).Status);
        await portal.Solver.CleanUpAsync(Asked("token"), Ct);
        await portal.Solver.CleanUpAsync(Asked("token"), Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("token")).Status);
    }

    [Fact]
    public async Task KeyAuthorization_Expires_AndGoesWithTheNext()
    {
        await portal.Solver.PresentAsync(Asked("old"), Ct);
        portal.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("old")).Status);
        await portal.Solver.PresentAsync(Asked("new"), Ct);
        Assert.Equal(1, await portal.CountAsync());
    }

    [Fact]
    public async Task Token_OfAnotherAccount_IsNeitherReplacedNorTakenAway()
    {
        await portal.Solver.PresentAsync(Asked("token"), Ct);
        var other = Asked("token") with { KeyAuthorization = "token.other" };
        await Assert.ThrowsAsync<ChallengeFailedException>(() => portal.Solver.PresentAsync(other, Ct));
        await portal.Solver.CleanUpAsync(other, Ct);
        Assert.Equal("token.thumbprint", (await GetAsync("token")).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%2e%2e/x")]
    [InlineData("a/b")]
    public async Task OtherPath_IsNotFound(string token) => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(token)).Status);

    [Fact]
    public async Task LongToken_IsNotFound() => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(new string('a', 4000))).Status);

    private ChallengeTask Asked(string token) => new(AcmeIdentifier.Dns("www.example.org"), token, $"{token}.thumbprint", portal.Clock.Now.AddHours(1));

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string token)
    {
        using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/.well-known/acme-challenge/{token}"), Ct);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }
}

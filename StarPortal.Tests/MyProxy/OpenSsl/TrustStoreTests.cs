using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.OpenSsl;

[Trait("Category", "Unit")]
public sealed class TrustStoreTests : IDisposable
{
    private readonly TrustStore store = StoreOf(Pki.RevocationList());

    private static GridPki Pki => TlsScene.Pki;

    [Fact]
    public void Chain_IsGood_OfPersonAndProxies()
    {
        var first = Pki.Proxy(Pki.User);
        var limited = Pki.Proxy(first, GridPki.Limited);
        Assert.Null(store.FindProblem([Pki.User.Der], Pki.Now));
        Assert.Null(store.FindProblem([first.Der, Pki.User.Der], Pki.Now));
        Assert.Null(store.FindProblem([limited.Der, first.Der, Pki.User.Der, Pki.Root.Der], Pki.Now));
    }

    [Fact]
    public void Chain_HasProblem_WhenItIsOver() =>
        Assert.Equal("certificate has expired", StoreOf().FindProblem([Pki.User.Der], Pki.Now.AddDays(31)));

    [Fact]
    public void Chain_HasProblem_WhenItHasNotBegun() =>
        Assert.Equal("certificate is not yet valid", StoreOf().FindProblem([Pki.User.Der], Pki.Now.AddDays(-3)));

    [Fact]
    public void Chain_HasProblem_WhenProxyIsOverThoughThePersonIsNot() =>
        Assert.Equal("certificate has expired", StoreOf().FindProblem([Pki.Proxy(Pki.User).Der, Pki.User.Der], Pki.Now.AddHours(13)));

    [Fact]
    public void Chain_HasProblem_WhenPersonUnderProxyIsRevoked()
    {
        var revoked = Pki.Issue("CN=Revoked,O=StarGrid");
        using var withList = StoreOf(Pki.RevocationList(revoked));
        Assert.Equal("certificate revoked", withList.FindProblem([Pki.Proxy(revoked).Der, revoked.Der], Pki.Now));
        Assert.Null(withList.FindProblem([Pki.User.Der], Pki.Now));
    }

    [Fact]
    public void Chain_HasProblem_WhenRevocationListIsStale() =>
        Assert.Equal("CRL has expired", store.FindProblem([Pki.User.Der], Pki.Now.AddDays(8)));

    [Fact]
    public void Chain_IsGood_WhenItsAuthorityHasNoRevocationList()
    {
        using var without = StoreOf();
        Assert.Null(without.FindProblem([Pki.User.Der], Pki.Now));
    }

    [Fact]
    public void Chain_HasProblem_WhenNobodyTrustsItsRoot()
    {
        var other = new GridPki(Pki.Now);
        var stranger = other.Issue("CN=Stranger,O=Elsewhere");
        using var elsewhere = TrustStore.Of(new([], [other.NewRoot("Elsewhere").Der], [], "1"));
        Assert.Equal("unable to get local issuer certificate", elsewhere.FindProblem([stranger.Der], Pki.Now));
    }

    [Theory]
    [InlineData(0, "proxy path length constraint exceeded")]
    [InlineData(1, null)]
    public void Proxy_MaySignAsManyAsItsPathLengthSays(int pathLength, string? problem)
    {
        var first = Pki.Proxy(Pki.User, pathLength: pathLength);
        Assert.Equal(problem, store.FindProblem([Pki.Proxy(first).Der, first.Der, Pki.User.Der], Pki.Now));
    }

    /// <summary>A person is no CA: without proxyCertInfo, or with another's name, it is no proxy either.</summary>
    [Fact]
    public void Person_CanNotSignForSomebodyElse()
    {
        var thief = Pki.Issue("CN=Thief,O=StarGrid");
        var forged = new GridCredential(Pki.Proxy(Pki.User).Certificate, Pki.User.Key);
        Assert.NotNull(store.FindProblem([forged.Der, thief.Der], Pki.Now));
    }

    /// <summary>A certificate that the client made up beside the real ones does not get into what was verified.</summary>
    [Fact]
    public void Verdict_TellsWhichCertificatesAreGood()
    {
        var limited = Pki.Proxy(Pki.User, GridPki.Limited, commonName: "77");
        var pretended = Pki.Proxy(Pki.Issue("CN=Thief,O=StarGrid"), commonName: "77");
        var proxy = Pki.Proxy(limited);
        var verdict = store.Verify([proxy.Der, pretended.Der, limited.Der, Pki.User.Der], Pki.Now);
        Assert.Equal([proxy.Der, limited.Der, Pki.User.Der, Pki.Root.Der], verdict.Chain);
    }

    [Fact]
    public void Chain_HasProblem_WhenThereIsNoneOrItIsRubbish()
    {
        Assert.Equal("no certificate", store.FindProblem([], Pki.Now));
        Assert.StartsWith("This is not a certificate", store.FindProblem([[0x30, 3, 1, 2, 3]], Pki.Now), StringComparison.Ordinal);
        Assert.StartsWith("This is not a certificate", store.FindProblem([[.. Pki.User.Der, 0]], Pki.Now), StringComparison.Ordinal);
        Assert.StartsWith("This is not a certificate", store.FindProblem([Pki.User.Der, []], Pki.Now), StringComparison.Ordinal);
    }

    [Fact]
    public void Store_ServesManyThreads() =>
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Null(store.FindProblem([Pki.User.Der], Pki.Now)));

    public void Dispose() => store.Dispose();

    private static TrustStore StoreOf(params byte[][] lists) => TrustStore.Of(new TrustRootSet([], [Pki.Root.Der], lists, "1"));
}

using Microsoft.Extensions.Options;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Server;

[Trait("Category", "Unit")]
public sealed class LiveConnectionsTests
{
    private readonly LiveConnections live = new(Options.Create(new MyProxyOptions { MaxConnections = 3, MaxConnectionsPerAddress = 2 }), new TestClock());

    [Fact]
    public void Address_HasSoManyAtOnce_AndOthersAreNotTouched()
    {
        Assert.NotNull(live.TryAdd("a"));
        Assert.NotNull(live.TryAdd("a"));
        Assert.Null(live.TryAdd("a"));
        Assert.NotNull(live.TryAdd("b"));
    }

    [Fact]
    public void Connections_AreLimitedAltogether()
    {
        foreach (var address in new[] { "a", "b", "c" }) Assert.NotNull(live.TryAdd(address));
        Assert.Null(live.TryAdd("d"));
    }

    [Fact]
    public void Connection_MakesRoom_WhenItEnds()
    {
        var first = live.TryAdd("a")!;
        live.TryAdd("a");
        live.Remove(first);
        live.Remove(first);
        Assert.NotNull(live.TryAdd("a"));
        Assert.Null(live.TryAdd("a"));
        Assert.Equal(2, live.List().Count);
    }
}

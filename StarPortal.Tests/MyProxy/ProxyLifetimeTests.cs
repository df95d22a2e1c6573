using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class ProxyLifetimeTests
{
    private static readonly DateTimeOffset Now = GridCa.Now;
    private static readonly DateTimeOffset Ends = Now.AddDays(10);

    [Theory]
    [InlineData(43200, null, null, 43200)]
    [InlineData(43200, 3600, null, 3600)]
    [InlineData(43200, 7200, 3600, 3600)]
    [InlineData(null, null, 3600, 3600)]
    [InlineData(0, 0, 0, 864000)]
    [InlineData(null, null, null, 864000)]
    [InlineData(-1, null, null, 864000)]
    [InlineData(99999999, null, null, 864000)]
    [InlineData(1, null, null, 300)]
    [InlineData(299, null, null, 300)]
    [InlineData(359, null, null, 300)]
    [InlineData(3661, null, null, 3660)]
    public void End_IsTheShortestLimitInWholeMinutes_AndNeverPastTheSigner(int? asked, int? cap, int? serverMax, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), ProxyLifetime.EndOf(Now, Ends, Span(asked), Span(cap), Span(serverMax)) - Now);

    [Fact]
    public void End_IsTheSigners_WhenFiveMinutesWouldBePastIt() =>
        Assert.Equal(Now.AddSeconds(100), ProxyLifetime.EndOf(Now, Now.AddSeconds(100), TimeSpan.FromSeconds(10)));

    [Fact]
    public void End_StaysBetweenNowAndTheSigners_WhateverIsAsked() => Prop.ForAll<TimeSpan?, TimeSpan?, TimeSpan?>((asked, cap, serverMax) =>
    {
        var end = ProxyLifetime.EndOf(Now, Ends, asked, cap, serverMax);
        Assert.InRange(end, Now.AddMinutes(5), Ends);
        foreach (var limit in new[] { asked, cap, serverMax }.Where(limit => limit > TimeSpan.FromMinutes(5))) Assert.True(end <= Ends && end - Now <= limit);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Proxy_BeginsFiveMinutesEarlier_AndEndsAsCapped()
    {
        using var bob = GridCa.Person(cap: TimeSpan.FromHours(2));
        var proxy = GridCertificate.Read(GridCa.Issue(bob, asked: TimeSpan.FromHours(12), serverMax: TimeSpan.FromHours(3)));
        Assert.Equal((Now.AddMinutes(-5), Now.AddHours(2)), (proxy.NotBefore, proxy.NotAfter));
    }

    [Fact]
    public void Proxy_EndsWithTheFirstLinkOfItsChain_WhenNobodyLimitsIt()
    {
        using var bob = GridCa.Person(ends: TimeSpan.FromHours(3));
        using var proxy = GridCa.ProxyOf(bob);
        Assert.Equal(Now.AddHours(3), GridCertificate.Read(GridCa.Issue(proxy)).NotAfter);
    }

    private static TimeSpan? Span(int? seconds) => seconds is { } number ? TimeSpan.FromSeconds(number) : null;
}

using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 9773 4.2, for a certificate of 90 days: its usual window is days 60 to 69.</summary>
[Trait("Category", "Unit")]
public sealed class RenewalWindowTests
{
    private static readonly DateTimeOffset Issued = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset Day(double day) => Issued.AddDays(day);

    /// <summary>It is over when the certificate is revoked, whenever that is: a client that asks then renews at once.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(68.9)]
    [InlineData(75)]
    [InlineData(89)]
    public void Revocation_EndsTheWindow_AtOnce(double day)
    {
        var window = RenewalWindow.For(Issued, Day(90), Day(day), massEvent: null);
        Assert.True(window.Start < window.End && window.End <= Day(day), $"{window}");
    }

    [Theory]
    [InlineData(10, 2, 10, 12)] // Long before.
    [InlineData(58, 30, 58, 69)] // Just before, and longer than the usual window: not an hour later than without it.
    [InlineData(10, 90, 10, 69)] // Longer than the certificate lives.
    [InlineData(60, 1, 60, 61)] // As the usual window begins.
    [InlineData(62, 1, 62, 63)] // Within it.
    [InlineData(68, 30, 68, 69)]
    [InlineData(69, 30, 60, 69)] // All of the window is past: to be renewed at once anyway.
    [InlineData(80, 30, 60, 69)]
    public void MassEvent_ShiftsTheWindow_AndNeverPostponesIt(double declared, double within, double from, double to)
    {
        var window = RenewalWindow.For(Issued, Day(90), revokedAt: null, Event(declared, within));
        Assert.Equal((Day(from), Day(to)), (window.Start, window.End));
    }

    [Fact]
    public void Revocation_CountsBeforeAMassEvent()
    {
        var window = RenewalWindow.For(Issued, Day(90), Day(10), Event(5, 30));
        Assert.Equal(Day(10), window.End);
    }

    private static AcmeMassEvent Event(double declared, double within) =>
        AcmeMassEvent.Declare(new MassEventScope(Issued, Day(1)), TimeSpan.FromDays(within), null, "test", Actor.System("test"), Day(declared));
}

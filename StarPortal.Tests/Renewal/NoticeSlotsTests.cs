using StarPortal.Core.Renewal;

namespace StarPortal.Tests.Renewal;

[Trait("Category", "Unit")]
public sealed class NoticeSlotsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly NoticeSlots Slots = NoticeSlots.Of(new RenewalOptions());

    [Theory]
    [InlineData(46, null)]
    [InlineData(45, 45)]
    [InlineData(31, 45)]
    [InlineData(30, 30)]
    [InlineData(5, 7)]
    [InlineData(1, 1)]
    [InlineData(0.1, 1)]
    [InlineData(0, null)]
    public void FindDue_IsTheNewestSlotThatHasBegun(double daysLeft, int? expected)
    {
        var end = Start.AddDays(395);
        Assert.Equal(expected, Slots.FindDue(Start, end, end.AddDays(-daysLeft)));
    }

    [Theory]
    [InlineData(13.5, 4.6, null)]
    [InlineData(13.5, 4.5, 45)]
    [InlineData(13.5, 3.0, 30)]
    [InlineData(13.5, 0.1, 1)]
    public void FindDue_IsInProportion_WhenTheCertificateIsShort(double validity, double daysLeft, int? expected)
    {
        var end = Start.AddDays(validity);
        Assert.Equal(expected, Slots.FindDue(Start, end, end.AddDays(-daysLeft)));
    }

    [Fact]
    public void FindNext_IsTheNextSlotAhead_AndNothingAfterTheLast()
    {
        var end = Start.AddDays(395);
        Assert.Equal(end.AddDays(-45), Slots.FindNext(Start, end, Start));
        Assert.Equal(end.AddDays(-7), Slots.FindNext(Start, end, end.AddDays(-10)));
        Assert.Null(Slots.FindNext(Start, end, end.AddHours(-1)));
    }

    [Theory]
    [InlineData(7, 14)]
    [InlineData(7, 7)]
    [InlineData(400)]
    [InlineData]
    public void Options_AreRefused_WhenSlotsAreNotInOrder(params int[] days) =>
        Assert.NotEmpty(new RenewalOptions { NoticeDays = days }.Validate(new(new object())));
}

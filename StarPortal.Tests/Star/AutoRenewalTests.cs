using System.Globalization;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>RFC 8739 section 3.5.</summary>
[Trait("Category", "Unit")]
public sealed class AutoRenewalTests
{
    private const long Hour = 3600;

    private const long Day = 24 * Hour;

    /// <summary>The example of section 3.5.1.</summary>
    private static readonly AutoRenewal Rfc = new(At("2019-01-10T00:00:00Z"), At("2019-01-20T00:00:00Z"), 4 * Day, 3 * Day);

    private static readonly AutoRenewal SixHours = new(At("2026-11-01T00:00:00Z"), At("2026-11-02T00:00:00Z"), 6 * Hour);

    [Fact]
    public void Slots_AreThoseOfTheRfcsExample() =>
        Assert.Equal(["10T00 14T00", "11T00 18T00", "15T00 20T00"], All(Rfc).Select(slot => $"{slot.NotBefore:dd'T'HH} {slot.NotAfter:dd'T'HH}"));

    [Fact]
    public void Slots_BeginHalfALifetimeEarly_WithoutAdjust() =>
        Assert.Equal(["01T00 01T06", "01T03 01T12", "01T09 01T18", "01T15 02T00"], All(SixHours).Select(slot => $"{slot.NotBefore:dd'T'HH} {slot.NotAfter:dd'T'HH}"));

    [Theory]
    [InlineData(4 * Day, 3 * Day, 3 * Day)]
    [InlineData(4 * Day, 0, 2 * Day)]
    [InlineData(4 * Day, Day, 2 * Day)]
    [InlineData(4 * Day, 9 * Day, 4 * Day)]
    [InlineData(7, 0, 4)] // Half a second is rounded to the side of more time.
    [InlineData(1, 0, 1)]
    [InlineData(long.MaxValue, 0, long.MaxValue / 2 + 1)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    public void Padding_IsTheLargerOfAdjustAndHalfTheLifetime_AndAtMostTheLifetime(long lifetime, long adjust, long padding) =>
        Assert.Equal(padding, new AutoRenewal(Rfc.Start, Rfc.End, lifetime, adjust).Padding);

    [Theory]
    [InlineData("2019-01-09T23:59:59Z", null)]
    [InlineData("2019-01-10T00:00:00Z", 0)]
    [InlineData("2019-01-10T23:59:59.9Z", 0)]
    [InlineData("2019-01-11T00:00:00Z", 1)]
    [InlineData("2019-01-14T23:59:59Z", 1)]
    [InlineData("2019-01-15T00:00:00Z", 2)]
    [InlineData("2019-01-20T00:00:00Z", 2)]
    [InlineData("2019-01-20T00:00:01Z", null)]
    public void SlotAt_IsThePublishedOne(string instant, int? index) => Assert.Equal((long?)index, Rfc.SlotAt(At(instant))?.Index);

    [Theory]
    [InlineData("2019-01-01T00:00:00Z", 0)]
    [InlineData("2019-01-10T00:00:00Z", 1)]
    [InlineData("2019-01-11T00:00:00Z", 2)]
    [InlineData("2019-01-15T00:00:00Z", null)]
    [InlineData("2019-02-01T00:00:00Z", null)]
    public void NextAfter_IsTheFirstToBegin(string instant, int? index) => Assert.Equal((long?)index, Rfc.NextAfter(At(instant))?.Index);

    [Fact]
    public void Fractions_AreCutToTheInside()
    {
        var order = new AutoRenewal(At("2026-11-01T00:00:00.2Z"), At("2026-11-01T00:00:09.9Z"), 4);
        Assert.Equal(("00:01", "00:09"), ($"{order.Start:mm':'ss}", $"{order.End:mm':'ss}"));
        Assert.Equal(["01 05", "03 09"], All(order).Select(slot => $"{slot.NotBefore:ss} {slot.NotAfter:ss}"));
    }

    [Theory]
    [InlineData("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", 1, 0)]
    [InlineData("2026-11-01T00:00:01Z", "2026-11-01T00:00:00Z", 1, 0)]
    [InlineData("2026-11-01T00:00:00.2Z", "2026-11-01T00:00:01.1Z", 1, 0)] // No whole second is left.
    [InlineData("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", 0, 0)]
    [InlineData("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", -1, 0)]
    [InlineData("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", 1, -1)]
    [InlineData("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", long.MinValue, long.MinValue)]
    public void Order_IsRefused_WhenItHasNoTimeInIt(string start, string end, long lifetime, long adjust) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutoRenewal(At(start), At(end), lifetime, adjust));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Slot_IsRefused_WhenTheOrderHasNoSuch(long index) => Assert.Throws<ArgumentOutOfRangeException>(() => Rfc[index]);

    /// <summary>The longest order that dates allow, with the shortest and the longest lifetimes: every question is answered at once.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, long.MaxValue)]
    [InlineData(3, 2)]
    [InlineData(long.MaxValue, 0)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void HugeOrders_NeitherOverflowNorLoop(long lifetime, long adjust)
    {
        var order = new AutoRenewal(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, lifetime, adjust);
        var seconds = (order.End - order.Start).Ticks / TimeSpan.TicksPerSecond;
        Assert.Equal((seconds + (Int128)lifetime - 1) / lifetime, order.SlotCount);
        Assert.Equal(order.End, order[order.SlotCount - 1].NotAfter);
        Assert.Equal(order.SlotCount - 1, order.SlotAt(order.End)?.Index);
        Assert.True(order[order.SlotCount / 2].NotBefore >= order.Start);
    }

    [Fact]
    public void RandomOrders_KeepWhatTheRfcAsks()
    {
        var numbers = new SeededNumbers(8739);
        for (var run = 0; run < 3000; run++) Check(RandomOrder(numbers), numbers);
    }

    private static void Check(AutoRenewal order, SeededNumbers numbers)
    {
        var (slots, text) = (All(order), order.ToString());
        var seconds = (order.End - order.Start).TotalSeconds;
        Assert.True(slots.Length == Math.Ceiling(seconds / order.Lifetime), text);
        Assert.True(slots[0].NotBefore == order.Start && slots[^1].NotAfter == order.End, text);
        Assert.All(slots, slot => Assert.True(order.Start <= slot.NotBefore && slot.NotBefore < slot.NotAfter && slot.NotAfter <= order.End, text));
        foreach (var (active, next) in slots.Zip(slots.Skip(1)))
        {
            var overlap = (active.NotAfter - next.NotBefore).TotalSeconds;
            Assert.True(overlap >= 0 && overlap <= order.Padding, text);
            Assert.True((next.NotBefore - active.NominalRenewalDate).TotalSeconds <= order.Lifetime / 2.0, text); // Section 3.3: halfway at the latest.
        }

        var instant = order.Start.AddSeconds(numbers.Next() % (seconds + 1));
        Assert.Equal(slots.Last(slot => slot.NotBefore <= instant), order.SlotAt(instant));
        Assert.Equal(slots.Cast<Slot?>().FirstOrDefault(slot => slot!.Value.NotBefore > instant && slot.Value.Index > order.SlotAt(instant)!.Value.Index), order.NextAfter(instant));
    }

    private static AutoRenewal RandomOrder(SeededNumbers numbers)
    {
        var lifetime = 1 + numbers.Below(numbers.Pick([2, 10, 4000, 900_000]));
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + numbers.Below(int.MaxValue));
        return new AutoRenewal(start, start.AddSeconds(2 + lifetime * (long)numbers.Below(40) + numbers.Below(lifetime)), lifetime, numbers.Below(2 * lifetime + 2));
    }

    private static Slot[] All(AutoRenewal order) => [.. Enumerable.Range(0, (int)order.SlotCount).Select(index => order[index])];

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

[Trait("Category", "Unit")]
public sealed class FetchScheduleTests
{
    private static readonly DateTimeOffset Now = TestClock.ProcessStart;

    /// <summary>Ten hours, of which eight are left.</summary>
    private static readonly CertificateLife Life = new(Now.AddHours(-2), Now.AddHours(8));

    [Theory]
    [InlineData(0, 4.0)]
    [InlineData(0.5, 4 + 2 / 3.0)]
    [InlineData(1, 8 * 2 / 3.0)]
    public void Success_IsFollowedBetweenHalfAndTwoThirdsOfWhatIsLeft_WhenTheServerSaysNothing(double random, double hours) =>
        Assert.Equal(hours, HoursAfterSuccess(AnswerHints.None, random), 3);

    [Theory]
    [InlineData(0, 3.0)]
    [InlineData(1, 3.5)] // A tenth of the five hours that are left then.
    public void Success_IsFollowedWhenTheAnswerIsNoLongerFresh_AndALittleLater(double random, double hours) =>
        Assert.Equal(hours, HoursAfterSuccess(new AnswerHints(Fresh: TimeSpan.FromHours(3)), random), 3);

    [Theory]
    [InlineData(6.1)]
    [InlineData(9)]
    [InlineData(1e6)]
    public void Success_IsFollowedByTheCertificatesDates_WhenTheServerSaysTooMuch(double fresh) =>
        Assert.Equal(4, HoursAfterSuccess(new AnswerHints(Fresh: TimeSpan.FromHours(fresh)), 0), 3);

    [Fact]
    public void Success_IsFollowedByTheEarlierEnd_WhenHeaderAndCertificateDiffer() =>
        Assert.Equal(1, HoursAfterSuccess(new AnswerHints(CertNotAfter: Now.AddHours(2)), 0), 3);

    [Theory]
    [InlineData(0.001)]
    [InlineData(59)]
    public void Success_IsNeverFollowedWithinAMinute(double seconds) =>
        Assert.Equal(1 / 60.0, HoursAfterSuccess(new AnswerHints(Fresh: TimeSpan.FromSeconds(seconds)), 0), 5);

    [Fact]
    public void Success_IsNeverFollowedWithinASecond_WhenTheHeaderSaysThatAllIsOver() =>
        Assert.Equal(1 / 60.0, HoursAfterSuccess(new AnswerHints(CertNotAfter: DateTimeOffset.MinValue), 0), 5);

    [Fact]
    public void Success_OfACertificateWithoutEnd_IsNoOverflow() =>
        Assert.True(FetchSchedule.AfterSuccess(AnswerHints.None, new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue), Now, 0.999) > Now);

    [Fact]
    public void Failures_BackOffTwiceAsLongEach_UpToAnEighthOfWhatIsLeft() =>
        Assert.Equal([60, 120, 240, 480, 960, 1920, 3600, 3600], Enumerable.Range(1, 8).Select(failures => SecondsAfterFailure(failures, null, Life, 1)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Failures_AreSpreadOverHalfTheBackOff(int failures) =>
        Assert.Equal(SecondsAfterFailure(failures, null, Life, 1) / 2, SecondsAfterFailure(failures, null, Life, 0), 3);

    [Fact]
    public void Failures_WithoutACertificate_BackOffToAnHour() =>
        Assert.Equal([10, 20, 40, 3600], new[] { 1, 2, 3, 100 }.Select(failures => SecondsAfterFailure(failures, null, null, 1)));

    [Fact]
    public void Failures_AreRepeatedEachQuarterOfAnHour_WhenTheCertificateHasEnded() =>
        Assert.Equal(900, SecondsAfterFailure(100, null, new(Now.AddDays(-4), Now.AddDays(-1)), 1));

    [Theory]
    [InlineData(5000, 0, 5000)]
    [InlineData(5000, 1, 5500)]
    [InlineData(1, 1, 60)]
    [InlineData(-5, 1, 60)]
    [InlineData(1e9, 0, 86400)] // A day is as long as a server may ask for.
    public void RetryAfter_IsHonoured(double asked, double random, double seconds) =>
        Assert.Equal(seconds, SecondsAfterFailure(1, TimeSpan.FromSeconds(asked), Life, random), 3);

    private static double HoursAfterSuccess(AnswerHints hints, double random) => (FetchSchedule.AfterSuccess(hints, Life, Now, random) - Now).TotalHours;

    private static double SecondsAfterFailure(int failures, TimeSpan? retryAfter, CertificateLife? held, double random) =>
        Math.Round((FetchSchedule.AfterFailure(failures, retryAfter, held, Now, random) - Now).TotalSeconds, 3);
}

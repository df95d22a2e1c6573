using StarPortal.Web.Components.Shared;

namespace StarPortal.Tests.Web;

[Trait("Category", "Unit")]
public sealed class RelativeTimeTests
{
    [Theory]
    [InlineData(0, "just now")]
    [InlineData(-60, "1 minute ago")]
    [InlineData(-3600 * 5, "5 hours ago")]
    [InlineData(86400 * 3, "in 3 days")]
    [InlineData(86400 * 365, "in 12 months")]
    [InlineData(86400 * 365 * 10, "in 10 years")]
    public void Instant_IsDescribed_InTheLargestUnitThatFits(int secondsFromNow, string expected)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(60);
        Assert.Equal(expected, RelativeTime.Describe(now.AddSeconds(secondsFromNow), now));
    }
}

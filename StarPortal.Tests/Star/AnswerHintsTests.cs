using StarPortal.Core.Star;

namespace StarPortal.Tests.Star;

[Trait("Category", "Unit")]
public sealed class AnswerHintsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null)]
    [InlineData(100, "Cache-Control: max-age=100")]
    [InlineData(70, "Cache-Control: public, max-age=100", "Age: 30")]
    [InlineData(null, "Cache-Control: max-age=100", "Age: 100")]
    [InlineData(null, "Cache-Control: max-age=0")]
    [InlineData(null, "Cache-Control: max-age=100, no-cache")]
    [InlineData(null, "Cache-Control: no-store, max-age=100")]
    [InlineData(null, "Cache-Control: max-age=99999999999999999999")]
    [InlineData(null, "Cache-Control: nonsense, max-age=")]
    [InlineData(3600, "Expires: Sun, 01 Nov 2026 01:00:00 GMT")]
    [InlineData(1800, "Expires: Sun, 01 Nov 2026 01:00:00 GMT", "Date: Sun, 01 Nov 2026 00:30:00 GMT")]
    [InlineData(100, "Expires: Sun, 01 Nov 2026 01:00:00 GMT", "Cache-Control: max-age=100")]
    [InlineData(null, "Expires: 0")]
    public void Freshness_IsRfc9111s(int? seconds, params string[] headers) => Assert.Equal(seconds, Hints(headers).Fresh?.TotalSeconds);

    [Theory]
    [InlineData("Cert-Not-After: Sun, 01 Nov 2026 06:00:00 GMT", true)]
    [InlineData("Cert-Not-After: \"Sun, 01 Nov 2026 06:00:00 GMT\"", true)] // As the drafts wrote it.
    [InlineData("Cert-Not-After: soon", false)]
    [InlineData("X-Other: 1", false)]
    public void CertNotAfter_IsADate_OrNothing(string header, bool isRead) => Assert.Equal(isRead ? Now.AddHours(6) : null, Hints([header]).CertNotAfter);

    [Theory]
    [InlineData("Retry-After: 120", 120)]
    [InlineData("Retry-After: Sun, 01 Nov 2026 00:05:00 GMT", 300)]
    [InlineData("Retry-After: later", null)]
    public void RetryAfter_IsSecondsOrADate(string header, int? seconds) => Assert.Equal(seconds, Hints([header]).RetryAfter?.TotalSeconds);

    private static AnswerHints Hints(string[] headers)
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        foreach (var header in headers)
        {
            var (name, value) = (header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return AnswerHints.Of(response, Now);
    }
}

using System.Globalization;

namespace StarPortal.Web.Components.Shared;

/// <summary>How long ago, or in how long, in the words of people.</summary>
public static class RelativeTime
{
    public static string Describe(DateTimeOffset at, DateTimeOffset now)
    {
        var distance = now - at;
        return distance.Duration() < TimeSpan.FromSeconds(45) ? "just now"
            : distance > TimeSpan.Zero ? $"{Span(distance)} ago"
            : $"in {Span(-distance)}";
    }

    /// <summary>A duration in its largest unit: <c>3 days</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => Count(Math.Max(1, span.TotalSeconds), "second"),
        { TotalMinutes: < 90 } => Count(Math.Max(1, span.TotalMinutes), "minute"),
        { TotalHours: < 36 } => Count(span.TotalHours, "hour"),
        { TotalDays: < 60 } => Count(span.TotalDays, "day"),
        { TotalDays: < 700 } => Count(span.TotalDays / 30.44, "month"),
        _ => Count(span.TotalDays / 365.25, "year"),
    };

    private static string Count(double amount, string unit)
    {
        var whole = (long)Math.Round(amount, MidpointRounding.AwayFromZero);
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}

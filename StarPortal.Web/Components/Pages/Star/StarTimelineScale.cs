using System.Globalization;
using StarPortal.Core.Star;

namespace StarPortal.Web.Components.Pages.Star;

/// <summary>Where an instant lies in the picture of an order's certificates, in percent of its width.</summary>
internal sealed record StarTimelineScale(DateTimeOffset From, DateTimeOffset To)
{
    private const int Steps = 100;

    /// <summary>Certificates from end to end; now too, unless it lies far behind.</summary>
    public static StarTimelineScale Of(StarOrderDetails details)
    {
        if (details.Slots is not [var first, ..]) return new(details.ReadAt, details.ReadAt.AddSeconds(1));
        var (from, to) = (first.NotBefore, details.Slots[^1].NotAfter);
        if (first.IssuedAt < from) from = first.IssuedAt.Value;
        return new(from, details.ReadAt > to && details.ReadAt - to < (to - from) / 3 ? details.ReadAt : to);
    }

    public bool Holds(DateTimeOffset instant) => instant >= From && instant <= To;

    public double At(DateTimeOffset instant) => 1 + (98 * Math.Clamp((instant - From) / (To - From), 0, 1));

    public long StepAt(DateTimeOffset instant) => Holds(instant) ? (long)((instant - From) / (To - From) * Steps) : -1;

    public string Percent(DateTimeOffset instant) => Text(At(instant));

    public string Width(DateTimeOffset from, DateTimeOffset to) => Text(Math.Max(0.5, At(to) - At(from)));

    /// <summary>With seconds where the whole picture is about seconds.</summary>
    public string Name(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(To - From < TimeSpan.FromMinutes(30) ? "d MMM HH:mm:ss" : "d MMM HH:mm", CultureInfo.InvariantCulture);

    private static string Text(double percent) => percent.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}

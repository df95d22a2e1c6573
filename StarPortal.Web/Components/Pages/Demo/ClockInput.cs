using System.Globalization;

namespace StarPortal.Web.Components.Pages.Demo;

/// <summary>How far the clock is to go.</summary>
public sealed class ClockInput
{
    /// <summary>Hours, from a button or the field.</summary>
    public string? Hours { get; set; }

    /// <summary>Zero when it can't be read: the service refuses that.</summary>
    public TimeSpan By => double.TryParse(Hours, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours is > 0 and < 100_000 ? TimeSpan.FromHours(hours) : TimeSpan.Zero;
}

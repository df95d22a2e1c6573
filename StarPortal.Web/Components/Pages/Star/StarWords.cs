using System.Globalization;
using StarPortal.Core.Star;
using StarPortal.Web.Components.Shared;

namespace StarPortal.Web.Components.Pages.Star;

/// <summary>STAR in the words of the pages.</summary>
internal static class StarWords
{
    public static (string Kind, string Text) Of(StarOrderState state) => state switch
    {
        StarOrderState.Waiting => ("wait", "Not finalized"),
        StarOrderState.Active => ("good", "Renewed in time"),
        StarOrderState.Late => ("bad", "Late"),
        StarOrderState.Troubled => ("bad", "Stands still"),
        StarOrderState.Ended => ("off", "Ended"),
        StarOrderState.Canceled => ("off", "Canceled"),
    };

    public static StarOrderState? ReadState(string? text) => Enum.TryParse<StarOrderState>(text, out var state) && Enum.IsDefined(state) ? state : null;

    /// <summary>A number of seconds that somebody chose: exact, in the largest unit that it is whole in.</summary>
    public static string Duration(long seconds) => seconds switch
    {
        _ when seconds % 86_400 == 0 => Count(seconds / 86_400, "day"),
        _ when seconds % 3_600 == 0 => Count(seconds / 3_600, "hour"),
        _ when seconds % 60 == 0 => Count(seconds / 60, "minute"),
        _ => Count(seconds, "second"),
    };

    /// <summary>How late something was.</summary>
    public static string Lag(TimeSpan? lag) => lag switch
    {
        null => "",
        { TotalSeconds: < 2 } => "on time",
        { } late => $"{RelativeTime.Span(late)} late",
    };

    public static string Count(long amount, string one) => $"{Number(amount)} {one}{(amount == 1 ? "" : "s")}";

    public static string Number(long amount) => amount.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Serial numbers in tables: its beginning tells it from its neighbours.</summary>
    public static string Short(string serial) => serial[..12] + "…";
}

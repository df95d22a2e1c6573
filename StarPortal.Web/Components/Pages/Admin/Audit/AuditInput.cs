using System.Globalization;
using StarPortal.Core.Audit;

namespace StarPortal.Web.Components.Pages.Admin.Audit;

/// <summary>The filter as a form or a query has it: text, of which what can't be read is left out.</summary>
public sealed class AuditInput
{
    public string? Text { get; set; }

    public string? Action { get; set; }

    public string? Actor { get; set; }

    public string? About { get; set; }

    public string? From { get; set; }

    public string? To { get; set; }

    public AuditFilter ToFilter() => new()
    {
        Text = Text,
        Action = Enum.TryParse<AuditAction>(Action, ignoreCase: true, out var action) && Enum.IsDefined(action) ? action : null,
        ActorName = Actor,
        About = About,
        From = Day(From),
        To = Day(To),
    };

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

using Microsoft.AspNetCore.WebUtilities;
using StarPortal.Core.Approval;

namespace StarPortal.Web.Components.Pages.Approval;

/// <summary>The queue's words and links.</summary>
internal static class QueueWords
{
    public static string Of(QueueView view) => view switch
    {
        QueueView.Waiting => "Waiting",
        QueueView.Mine => "Mine",
        QueueView.Unclaimed => "Unclaimed",
        QueueView.OnHold => "Question asked",
        QueueView.Approved => "Being issued",
        QueueView.Issued => "Issued",
        QueueView.Rejected => "Rejected",
        QueueView.Ended => "Ended",
    };

    public static string Of(QueueAge age) => age switch
    {
        QueueAge.Any => "Any time",
        QueueAge.Warning => "Longer than usual",
        QueueAge.Late => "Too long",
    };

    public static string EmptyOf(QueueFilter filter) => filter switch
    {
        { Text.Length: > 0 } or { OrganisationId: not null } or { Age: not QueueAge.Any } => "Nothing matches these filters",
        { View: QueueView.Waiting } => "Nothing waits for you",
        { View: QueueView.Mine } => "You have claimed nothing",
        { View: QueueView.Unclaimed } => "Nothing is unclaimed",
        _ => "Nothing here",
    };

    /// <summary>The address of a view: filters that are off are left out.</summary>
    public static string LinkTo(QueueFilter filter)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal) { ["view"] = filter.View.ToString() };
        if (filter.OrganisationId is { } organisation) query["organisation"] = organisation.ToString();
        if (filter.Age is not QueueAge.Any) query["age"] = filter.Age.ToString();
        if (!string.IsNullOrWhiteSpace(filter.Text)) query["q"] = filter.Text;
        if (filter.Page > 1) query["page"] = filter.Page.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return QueryHelpers.AddQueryString("/ra", query);
    }
}

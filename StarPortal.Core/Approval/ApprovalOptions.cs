using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Approval;

/// <summary>Section <c>Approval</c>.</summary>
public sealed class ApprovalOptions : IValidatableObject
{
    public const string Section = "Approval";

    /// <summary>How many different officers have to approve, by issuance profile; <see cref="DefaultOfficers"/> for those not named.</summary>
    public Dictionary<string, int> OfficersRequired { get; } = new(StringComparer.OrdinalIgnoreCase) { ["officer"] = 2 };

    [Range(1, 5)]
    public int DefaultOfficers { get; set; } = 1;

    /// <summary>After this the queue shows a request as late-ish; after <see cref="BreachAfter"/> as late.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan WarnAfter { get; set; } = TimeSpan.FromDays(1);

    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan BreachAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>An officer's claim binds nobody after this.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan ClaimLapsesAfter { get; set; } = TimeSpan.FromHours(8);

    /// <summary>The daily digest to officers lists what has waited longer than this.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RemindAfter { get; set; } = TimeSpan.FromHours(20);

    /// <summary>Undecided for this long: the deputies hear of it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan EscalateToDeputiesAfter { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Undecided for this long: the administrators hear of it, and may decide.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan EscalateToAdministratorsAfter { get; set; } = TimeSpan.FromDays(4);

    /// <summary>Undecided, or its question unanswered, for this long: the request ends, and the person is told why and what to do.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "730.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(21);

    /// <summary>How requests get to a CA outside, and answers back; of no use unless a profile is <c>External</c>.</summary>
    public ExternalCaMailOptions ExternalCa { get; set; } = new();

    public int OfficersFor(string profile) => OfficersRequired.GetValueOrDefault(profile, DefaultOfficers);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (profile, officers) in OfficersRequired)
        {
            if (officers is < 1 or > 5) yield return new($"Approval:OfficersRequired:{profile} is {officers}: it takes 1 to 5.");
        }

        if (BreachAfter < WarnAfter) yield return new("Approval:BreachAfter is shorter than Approval:WarnAfter.");
        if (EscalateToAdministratorsAfter < EscalateToDeputiesAfter)
            yield return new("Approval:EscalateToAdministratorsAfter is shorter than Approval:EscalateToDeputiesAfter.");
        if (ExpireAfter < EscalateToAdministratorsAfter)
            yield return new("Approval:ExpireAfter is shorter than Approval:EscalateToAdministratorsAfter: requests would end before anybody who can help hears of them.");
    }
}

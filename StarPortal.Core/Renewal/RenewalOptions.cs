using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Renewal;

/// <summary>Section <c>Renewal</c>.</summary>
public sealed class RenewalOptions : IValidatableObject
{
    public const string Section = "Renewal";

    private static readonly int[] DefaultNoticeDays = [45, 30, 14, 7, 3, 1];

    /// <summary>How many days before the end of a certificate its holder is told, each once. Default: 45, 30, 14, 7, 3, 1.</summary>
    public int[]? NoticeDays { get; set; }

    /// <summary>Certificates that live shorter than this have their slots in proportion: at a tenth of it, at a tenth of the days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan FullScheduleFrom { get; set; } = TimeSpan.FromDays(135);

    /// <summary>How long after its end a certificate may still be renewed, by issuance profile; <see cref="DefaultGrace"/> for those not named.</summary>
    public Dictionary<string, TimeSpan> Grace { get; } = new(StringComparer.OrdinalIgnoreCase) { ["officer"] = TimeSpan.Zero };

    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DefaultGrace { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long somebody who declined may think better of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan UndoTime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long the link works that confirms another e-mail address.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "60.00:00:00")]
    public TimeSpan AddressLinkLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often an officer has to confirm that a person is still one of theirs; without, nothing is renewed. Null: never.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan? EntitlementInterval { get; set; } = TimeSpan.FromDays(730);

    /// <summary>How long before that officers are asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan EntitlementNotice { get; set; } = TimeSpan.FromDays(60);

    /// <summary>People whose notices are written in one transaction.</summary>
    [Range(1, 1_000)]
    public int BatchSize { get; set; } = 200;

    /// <summary>The slots in days, the earliest first.</summary>
    public IReadOnlyList<int> Slots => NoticeDays ?? DefaultNoticeDays;

    public TimeSpan GraceFor(string profile) => Grace.GetValueOrDefault(profile, DefaultGrace);

    /// <summary>The longest of any profile.</summary>
    public TimeSpan LongestGrace => Grace.Values.Append(DefaultGrace).Max();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Slots.Count is 0 or > 20 || Slots.Any(days => days is < 1 or > 365) || !Slots.SequenceEqual(Slots.Distinct().OrderDescending()))
            yield return new("Renewal:NoticeDays has 1 to 20 different numbers of days between 1 and 365, the largest first.");
        foreach (var (profile, grace) in Grace.Where(entry => entry.Value < TimeSpan.Zero || entry.Value > TimeSpan.FromDays(365)))
            yield return new($"Renewal:Grace:{profile} is {grace}: it takes up to 365 days.");
        if (EntitlementNotice >= EntitlementInterval)
            yield return new("Renewal:EntitlementNotice is not shorter than Renewal:EntitlementInterval: everybody would be asked about at all times.");
    }
}

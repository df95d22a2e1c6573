using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Registry;

/// <summary>Section <c>Registry</c>.</summary>
public sealed class RegistryOptions
{
    public const string Section = "Registry";

    /// <summary>The outside registry that is told who is in; without a URL there is none.</summary>
    public OutsideOptions Outside { get; set; } = new();

    /// <summary>How long a request for access waits for the owners of the resource before it lapses.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan RequestsWait { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long entries of people who left, decided requests, ended permissions and revoked tokens can still be seen.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Questions that one token may ask within a minute, on each node.</summary>
    [Range(1, 1_000_000)]
    public int QuestionsPerTokenPerMinute { get; set; } = 600;
}

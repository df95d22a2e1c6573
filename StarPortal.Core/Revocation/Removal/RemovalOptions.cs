using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Revocation;

/// <summary>Section <c>Revocation</c>.</summary>
public sealed class RemovalOptions
{
    public const string Section = "Revocation";

    /// <summary>How long the removal of a person can be undone before certificates are revoked and everything is deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "90.00:00:00")]
    public TimeSpan RemovalGrace { get; set; } = TimeSpan.FromDays(14);
}

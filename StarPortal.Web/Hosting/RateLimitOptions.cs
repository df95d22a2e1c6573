using System.ComponentModel.DataAnnotations;

namespace StarPortal.Web.Hosting;

/// <summary>Section <c>RateLimits</c>: what one network address may ask of the pages. 0 switches a limit off.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    [Range(0, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Forms sent: POST, PUT and DELETE.</summary>
    [Range(0, 1_000_000)]
    public int ChangesPerMinute { get; set; } = 120;
}

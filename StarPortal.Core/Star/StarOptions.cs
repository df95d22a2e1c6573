using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Star;

/// <summary>Section <c>Star</c>.</summary>
public sealed class StarOptions
{
    public const string Section = "Star";

    /// <summary>The shortest lifetime of a certificate that an order may ask for (RFC 8739 3.2); also what protects this server from its own renewals (6.2).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan MinLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How far an order's end may lie behind its start (RFC 8739 3.2).</summary>
    [Range(typeof(TimeSpan), "00:00:10", "3650.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Whether orders may ask for certificates that anybody who knows their URL can fetch (RFC 8739 3.4).</summary>
    public bool AllowCertificateGet { get; set; } = true;

    /// <summary>STAR orders of one account that are not over.</summary>
    [Range(1, 100_000_000)]
    public int MaxOrdersPerAccount { get; set; } = 10_000;

    /// <summary>Whether orders may use the names of the drafts before RFC 8739 (<c>recurrent</c> and others), and the renewal-URI look-up answers.</summary>
    public bool DraftCompatibility { get; set; } = true;

    /// <summary>Port of the renewal-URI look-up, HTTPS; 0: none.</summary>
    [Range(0, 65535)]
    public int LookupPort { get; set; } = 9898;

    /// <summary>Whether the look-up listens.</summary>
    public bool HasLookup => DraftCompatibility && LookupPort != 0;

    /// <summary>Orders whose next certificates are signed and written in one transaction.</summary>
    [Range(1, 5_000)]
    public int RenewalBatch { get; set; } = 1000;

    /// <summary>How long certificates that have ended stay on record.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan KeepCertificates { get; set; } = TimeSpan.FromDays(30);
}

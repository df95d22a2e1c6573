using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.MyProxy;

/// <summary>A portal that gets copies: <c>MyProxy:Mirror:Sites:{name}</c>.</summary>
public sealed class MirrorSiteOptions
{
    /// <summary>Its outward address, https.</summary>
    [Required, MaxLength(1000)]
    public string Url { get; set; } = "";

    /// <summary>A file with 32 bytes in base64 or hex: the secret of this pair of portals.</summary>
    [Required, MaxLength(4096)]
    public string SecretFile { get; set; } = "";

    /// <summary>PEM: who has to have signed its HTTPS certificate; null: whom the system trusts.</summary>
    [MaxLength(4096)]
    public string? RootsFile { get; set; }

    /// <summary>How long an answer may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);
}

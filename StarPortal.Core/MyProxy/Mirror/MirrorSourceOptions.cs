using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.MyProxy;

/// <summary>A portal whose copies are taken: <c>MyProxy:Mirror:Accept:{name}</c>.</summary>
public sealed class MirrorSourceOptions
{
    /// <summary>A file with 32 bytes in base64 or hex: the secret of this pair of portals.</summary>
    [Required, MaxLength(4096)]
    public string SecretFile { get; set; } = "";

    /// <summary>Copies that it may keep here.</summary>
    [Range(1, 10_000_000)]
    public int MaxCredentials { get; set; } = 100_000;
}

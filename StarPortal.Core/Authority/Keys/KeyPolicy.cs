using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Authority;

/// <summary>Which public keys a profile certifies: <c>KeyPolicy</c> of a profile.</summary>
public sealed class KeyPolicy
{
    [Range(1024, 16384)]
    public int MinRsaBits { get; set; } = 2048;

    [Range(2048, 16384)]
    public int MaxRsaBits { get; set; } = 8192;

    /// <summary>Smallest RSA exponent: 65537 by FIPS 186-5 and the CA/Browser Forum.</summary>
    [Range(3, int.MaxValue)]
    public int MinRsaExponent { get; set; } = 65537;

    /// <summary>Curves by name, with commas between; empty: no EC keys.</summary>
    public string Curves { get; set; } = "P-256, P-384, P-521";

    public bool AllowsCurve(string? curve) =>
        Curves.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(curve, StringComparer.OrdinalIgnoreCase);
}

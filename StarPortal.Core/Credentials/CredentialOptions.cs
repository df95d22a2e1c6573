using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Credentials;

/// <summary>Section <c>Credentials</c>.</summary>
public sealed class CredentialOptions
{
    public const string Section = "Credentials";

    /// <summary>Wrong passphrases in a row before a key can't be downloaded for <see cref="AttemptWait"/>.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AttemptWait { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>PBKDF2 rounds of a modern PKCS#12 file. The legacy flavour has the 2,048 that its readers expect.</summary>
    [Range(10_000, 10_000_000)]
    public int Pkcs12Iterations { get; set; } = 100_000;

    /// <summary>Whether people may have the hint to their passphrase mailed to the confirmed address.</summary>
    public bool HintsEnabled { get; set; } = true;

    /// <summary>How often one network address (IPv6: one /64) may ask for hints within an hour, whatever the user names.</summary>
    [Range(1, 10_000)]
    public int HintsPerAddressPerHour { get; set; } = 10;

    /// <summary>How often one person is mailed the hint at most, whoever asks: once in each such stretch of time.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan HintInterval { get; set; } = TimeSpan.FromHours(6);
}

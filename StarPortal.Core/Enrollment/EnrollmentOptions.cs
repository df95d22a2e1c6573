using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Enrollment;

/// <summary>Section <c>Enrollment</c>: what people may ask for, and how much of it.</summary>
public sealed class EnrollmentOptions
{
    public const string Section = "Enrollment";

    /// <summary>The issuance profile of what people ask for on the request page.</summary>
    [Required, StringLength(40)]
    public string Profile { get; set; } = "person";

    /// <summary>How long the link in the confirmation mail works; a request that is not confirmed by then expires.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "60.00:00:00")]
    public TimeSpan ConfirmationTime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Requests from one network address (IPv6: one /64) within an hour.</summary>
    [Range(1, 100_000)]
    public int RequestsPerAddressPerHour { get; set; } = 20;

    /// <summary>Requests of one person that may be open at a time.</summary>
    [Range(1, 100)]
    public int OpenRequestsPerPerson { get; set; } = 3;

    /// <summary>Previews (the checks while typing) for one network address within a minute.</summary>
    [Range(10, 100_000)]
    public int PreviewsPerAddressPerMinute { get; set; } = 120;

    /// <summary>Different user names that one network address may ask about within ten minutes.</summary>
    [Range(5, 100_000)]
    public int UserNamesPerAddress { get; set; } = 60;

    /// <summary>How often the confirmation mail of one request may be sent again within a day.</summary>
    [Range(1, 50)]
    public int ResendsPerDay { get; set; } = 4;

    /// <summary>How long the link in the mail about a forgotten passphrase works.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "14.00:00:00")]
    public TimeSpan RecoveryTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Forgotten passphrases from one network address (IPv6: one /64) within an hour, whatever the user names: each makes a key.</summary>
    [Range(1, 100_000)]
    public int RecoveriesPerAddressPerHour { get; set; } = 10;

    /// <summary>Mails about a forgotten passphrase that one person gets within a day at most, whoever asks.</summary>
    [Range(1, 100)]
    public int RecoveryMailsPerDay { get; set; } = 5;

    /// <summary>Mail domains of throw-away addresses, besides those that are built in.</summary>
    public string[] DisposableDomains { get; set; } = [];
}

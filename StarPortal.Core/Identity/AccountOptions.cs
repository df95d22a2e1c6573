using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Identity;

/// <summary>Section <c>Identity</c>: how sign-in is kept from being guessed, and how long links and sessions live.</summary>
public sealed class AccountOptions
{
    public const string Section = "Identity";

    /// <summary>Wrong passphrases or codes in a row after which an account rests.</summary>
    [Range(3, 100)]
    public int LockoutAttempts { get; set; } = 5;

    /// <summary>How long it rests. A passkey works all the same: nobody can lock a passkey's owner out.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Wrong tries from one network address (IPv6: one /64) within <see cref="AddressWindow"/>, whatever the account.</summary>
    [Range(5, 10_000)]
    public int AttemptsPerAddress { get; set; } = 30;

    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan AddressWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Invitations and other mails that one administrator may send within an hour.</summary>
    [Range(1, 1000)]
    public int InvitationsPerHour { get; set; } = 30;

    /// <summary>A session ends after this long without a request.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromHours(2);

    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Of the first administrator's link on the console.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan SetupLinkLifetime { get; set; } = TimeSpan.FromDays(1);
}

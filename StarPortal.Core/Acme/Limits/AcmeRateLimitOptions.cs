using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Acme;

/// <summary>
/// <c>Acme:RateLimits</c>. Each limit is a bucket that holds as many and fills up again evenly over its window, so that a client at the limit is
/// told a short wait and not the end of a long window.
/// </summary>
public sealed class AcmeRateLimitOptions
{
    public bool Enabled { get; set; } = true;

    [Range(1, 10_000_000)]
    public int AccountsPerAddress { get; set; } = 100;

    [Range(1, 10_000_000)]
    public int OrdersPerAccount { get; set; } = 1_000;

    [Range(1, 10_000_000)]
    public int OrdersPerAddress { get; set; } = 3_000;

    [Range(1, 10_000_000)]
    public int OrdersPerIdentifier { get; set; } = 100;

    [Range(1, 10_000_000)]
    public int FailedValidations { get; set; } = 20;

    [Range(1, 10_000_000)]
    public int ChallengeAttempts { get; set; } = 10;

    /// <summary>Of every limit but <see cref="OrdersPerIdentifier"/>, whose window is <see cref="IdentifierWindow"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan IdentifierWindow { get; set; } = TimeSpan.FromDays(1);

    internal AcmeLimit Of(AcmeLimitKind kind) => kind switch
    {
        AcmeLimitKind.AccountsPerAddress => new(AccountsPerAddress, Window),
        AcmeLimitKind.OrdersPerAccount => new(OrdersPerAccount, Window),
        AcmeLimitKind.OrdersPerAddress => new(OrdersPerAddress, Window),
        AcmeLimitKind.OrdersPerIdentifier => new(OrdersPerIdentifier, IdentifierWindow),
        AcmeLimitKind.FailedValidations => new(FailedValidations, Window),
        AcmeLimitKind.ChallengeAttempts => new(ChallengeAttempts, Window),
    };
}

/// <summary>So many in such a time.</summary>
public sealed record AcmeLimit(int Count, TimeSpan Window)
{
    /// <summary>How long one takes to come back.</summary>
    public TimeSpan Each => Window / Count;
}

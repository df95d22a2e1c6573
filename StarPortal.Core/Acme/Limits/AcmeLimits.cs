using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>A limit as the status page shows it.</summary>
/// <param name="AtLimit">How many accounts, addresses or identifiers are at their limit now.</param>
/// <param name="Refused">Since this node started.</param>
public sealed record AcmeLimitFigures(AcmeLimitKind Kind, int Count, TimeSpan Window, int AtLimit, long Refused);

/// <summary>
/// Rate limits, in this node's memory. Orders of an account hold over all nodes and restarts: their bucket is raised to what the database counts,
/// at first sight and every minute.
/// </summary>
public sealed class AcmeLimits(IDbContextFactory<PortalDbContext> contexts, IOptions<AcmeOptions> options, TimeProvider clock)
{
    private const int Kept = 20_000;

    private static readonly TimeSpan Recount = TimeSpan.FromMinutes(1);

    private readonly AcmeBuckets[] buckets = [.. Enum.GetValues<AcmeLimitKind>().Select(kind => new AcmeBuckets(options.Value.RateLimits.Of(kind), Kept))];
    private readonly AcmeBuckets renewals = new(new AcmeLimit(1, options.Value.RateLimits.Window), Kept);
    private readonly long[] refused = new long[Enum.GetValues<AcmeLimitKind>().Length];
    private readonly SnapshotCache<Guid, object> counted = new(Kept);

    private bool IsOff => !options.Value.RateLimits.Enabled;

    /// <exception cref="AcmeException">rateLimited, with Retry-After.</exception>
    public void Take(AcmeLimitKind kind, string? key)
    {
        if (IsOff || key is null) return;
        if (buckets[(int)kind].Take(key, clock.GetUtcNow()) is { } wait) throw Refuse(kind, wait);
    }

    /// <summary>Takes one for a caller: an IPv6 customer has a /64 of addresses.</summary>
    /// <exception cref="AcmeException">rateLimited, with Retry-After.</exception>
    public void TakeFor(string? address, AcmeLimitKind kind)
    {
        if (address is not null) Take(kind, AcmeBuckets.KeyOf(address));
    }

    /// <summary>As <see cref="Take"/> without taking: for what is counted only when it goes wrong.</summary>
    /// <exception cref="AcmeException">rateLimited, with Retry-After.</exception>
    public void Require(AcmeLimitKind kind, string key)
    {
        if (IsOff) return;
        if (buckets[(int)kind].Peek(key, clock.GetUtcNow()) is { } wait) throw Refuse(kind, wait);
    }

    /// <summary>Counts what went wrong; what is over the limit already stays there.</summary>
    public void Count(AcmeLimitKind kind, string key)
    {
        if (!IsOff) _ = buckets[(int)kind].Take(key, clock.GetUtcNow());
    }

    /// <summary>Whether a renewal of this certificate may pass uncounted: one may within a window, so that orders which come to nothing are not free for ever.</summary>
    public bool TryPassRenewal(string certificateId) => renewals.Take(certificateId, clock.GetUtcNow()) is null;

    /// <summary>
    /// An order of an account, counted over all nodes. Those that replace a certificate are counted on their own node alone: the rows don't say whether
    /// they passed uncounted, and an account has no more of them than certificates.
    /// </summary>
    /// <exception cref="AcmeException">rateLimited, with Retry-After.</exception>
    public async ValueTask TakeOrderAsync(Guid accountId, CancellationToken ct)
    {
        if (IsOff) return;
        var key = accountId.ToString();
        var oldest = clock.GetTimestamp() - ((long)Recount.TotalSeconds * clock.TimestampFrequency);
        if (counted.Find(accountId, oldest) is null)
        {
            var now = clock.GetUtcNow();
            var from = now - buckets[(int)AcmeLimitKind.OrdersPerAccount].Limit.Window;
            await using var db = await contexts.CreateDbContextAsync(ct);
            var orders = await db.AcmeOrders.CountAsync(order => order.AccountId == accountId && order.CreatedAt > from && order.Replaces == null, ct);
            buckets[(int)AcmeLimitKind.OrdersPerAccount].Raise(key, orders, now);
            counted.Put(accountId, this, clock.GetTimestamp());
        }

        Take(AcmeLimitKind.OrdersPerAccount, key);
    }

    public IReadOnlyList<AcmeLimitFigures> Read() =>
    [
        .. Enum.GetValues<AcmeLimitKind>().Select(kind => new AcmeLimitFigures(
            kind, buckets[(int)kind].Limit.Count, buckets[(int)kind].Limit.Window, buckets[(int)kind].CountEmpty(clock.GetUtcNow()), Interlocked.Read(ref refused[(int)kind]))),
    ];

    private AcmeException Refuse(AcmeLimitKind kind, TimeSpan wait)
    {
        Interlocked.Increment(ref refused[(int)kind]);
        var limit = buckets[(int)kind].Limit;
        return AcmeOrderErrors.RateLimited(string.Create(CultureInfo.InvariantCulture, $"At most {limit.Count} {WordsFor(kind)} in {limit.Window:c}."), wait);
    }

    private static string WordsFor(AcmeLimitKind kind) => kind switch
    {
        AcmeLimitKind.AccountsPerAddress => "new accounts from one address",
        AcmeLimitKind.OrdersPerAccount => "new orders of one account",
        AcmeLimitKind.OrdersPerAddress => "new orders from one address",
        AcmeLimitKind.OrdersPerIdentifier => "orders for one identifier",
        AcmeLimitKind.FailedValidations => "failed validations of one identifier by one account",
        AcmeLimitKind.ChallengeAttempts => "attempts at one challenge",
    };
}

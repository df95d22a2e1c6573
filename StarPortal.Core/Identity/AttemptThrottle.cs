using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// Counts attempts by key within a sliding window, in this node's memory: what stops one address from trying many accounts. (What stops many
/// addresses from trying one account is in the database: the account's lockout.)
/// </summary>
public sealed class AttemptThrottle(TimeProvider clock)
{
    private const int SweepAt = 10_000;

    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> attempts = new(StringComparer.Ordinal);

    /// <summary>Counts one attempt.</summary>
    /// <exception cref="ServiceException">TooMany, with the time to wait.</exception>
    public void Spend(string key, int limit, TimeSpan window)
    {
        var now = clock.GetUtcNow();
        if (attempts.Count > SweepAt) Sweep(now - window);
        var queue = attempts.GetOrAdd(key, _ => []);
        lock (queue)
        {
            while (queue.TryPeek(out var oldest) && oldest <= now - window) queue.Dequeue();
            if (queue.Count >= limit) throw SignInErrors.TooManyAttempts(queue.Peek() + window - now);
            queue.Enqueue(now);
        }
    }

    /// <summary>Whether an attempt would be counted still; counts none. For those that count only when they fail.</summary>
    /// <exception cref="ServiceException">TooMany, with the time to wait.</exception>
    public void RequireRoom(string key, int limit, TimeSpan window)
    {
        if (!attempts.TryGetValue(key, out var queue)) return;
        var now = clock.GetUtcNow();
        lock (queue)
        {
            while (queue.TryPeek(out var oldest) && oldest <= now - window) queue.Dequeue();
            if (queue.Count >= limit) throw SignInErrors.TooManyAttempts(queue.Peek() + window - now);
        }
    }

    /// <summary>Takes one attempt back: it was a good one.</summary>
    public void Refund(string key)
    {
        if (!attempts.TryGetValue(key, out var queue)) return;
        lock (queue) queue.TryDequeue(out _);
    }

    /// <summary>What counts as one address: IPv4 as it is, IPv6 by its /64, which is what one customer gets.</summary>
    public static string AddressKey(string purpose, string? address) => AddressKey(purpose, IPAddress.TryParse(address, out var parsed) ? parsed : null);

    /// <summary>As above, of an address that is parsed already.</summary>
    public static string AddressKey(string purpose, IPAddress? address) => address switch
    {
        null => $"{purpose}:unknown",
        { IsIPv4MappedToIPv6: true } => $"{purpose}:{address.MapToIPv4()}",
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{purpose}:{Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))}",
        _ => $"{purpose}:{address}",
    };

    private void Sweep(DateTimeOffset before)
    {
        foreach (var (key, queue) in attempts)
        {
            lock (queue)
            {
                if (queue.All(at => at <= before)) attempts.TryRemove(key, out _);
            }
        }
    }
}

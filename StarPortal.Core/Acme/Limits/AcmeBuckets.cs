using StarPortal.Core.Identity;

namespace StarPortal.Core.Acme;

/// <summary>
/// Buckets by key: for each, the instant at which it will be full again (the generic cell rate algorithm keeps no more). Two generations bound
/// the memory: a key that was not asked for while so many others were is forgotten, and starts with a full bucket.
/// </summary>
internal sealed class AcmeBuckets(AcmeLimit limit, int generationSize)
{
    private readonly Lock turn = new();
    private Dictionary<string, long> young = new(StringComparer.Ordinal);
    private Dictionary<string, long> old = new(StringComparer.Ordinal);

    public AcmeLimit Limit => limit;

    /// <returns>The key of whoever is behind this network address.</returns>
    public static string KeyOf(string? address) => AttemptThrottle.AddressKey("acme", address);

    /// <summary>Takes one out.</summary>
    /// <returns>Null, or how long to wait when the bucket is empty.</returns>
    public TimeSpan? Take(string key, DateTimeOffset now)
    {
        lock (turn)
        {
            var fullAt = Math.Max(Find(key), now.UtcTicks);
            var after = fullAt + limit.Each.Ticks;
            var wait = after - now.UtcTicks - limit.Window.Ticks;
            if (wait > 0) return TimeSpan.FromTicks(wait);
            Put(key, after);
            return null;
        }
    }

    /// <summary>Whether <see cref="Take"/> would have to wait; takes nothing.</summary>
    public TimeSpan? Peek(string key, DateTimeOffset now)
    {
        lock (turn)
        {
            var wait = Math.Max(Find(key), now.UtcTicks) + limit.Each.Ticks - now.UtcTicks - limit.Window.Ticks;
            return wait > 0 ? TimeSpan.FromTicks(wait) : null;
        }
    }

    /// <summary>What is known from elsewhere: that many were taken within the window.</summary>
    public void Raise(string key, int taken, DateTimeOffset now)
    {
        lock (turn) Put(key, Math.Max(Find(key), now.UtcTicks + (Math.Min(taken, limit.Count) * limit.Each.Ticks)));
    }

    /// <summary>Keys whose bucket is empty now.</summary>
    public int CountEmpty(DateTimeOffset now)
    {
        lock (turn) return young.Values.Concat(old.Values).Count(fullAt => fullAt + limit.Each.Ticks - now.UtcTicks > limit.Window.Ticks);
    }

    private long Find(string key) => young.TryGetValue(key, out var fullAt) || old.TryGetValue(key, out fullAt) ? fullAt : 0;

    private void Put(string key, long fullAt)
    {
        young[key] = fullAt;
        old.Remove(key);
        if (young.Count < generationSize) return;
        old = young;
        young = new Dictionary<string, long>(StringComparer.Ordinal);
    }
}

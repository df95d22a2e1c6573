using System.Collections.Concurrent;

namespace StarPortal.Core.Acme;

/// <summary>
/// Immutable values by key, as this node saw them last: two generations, of which the older one goes when the younger one is full. Nothing
/// is moved or locked at a read.
/// </summary>
internal sealed class SnapshotCache<TKey, TValue>(int generationSize)
    where TKey : notnull
    where TValue : class
{
    private ConcurrentDictionary<TKey, Snapshot> young = new();
    private ConcurrentDictionary<TKey, Snapshot> old = new();
    private readonly Lock turn = new();
    private int added;

    /// <returns>The value unless it was put before <paramref name="notBefore"/> (a timestamp of the clock).</returns>
    public TValue? Find(TKey key, long notBefore) =>
        (Volatile.Read(ref young).TryGetValue(key, out var found) || Volatile.Read(ref old).TryGetValue(key, out found)) && found.PutAt >= notBefore ? found.Value : null;

    /// <summary>Keeps the value unless a later one is known.</summary>
    /// <param name="putAt">A timestamp of the clock, taken before the value was read; <see cref="long.MaxValue"/> for what never changes.</param>
    public void Put(TKey key, TValue value, long putAt)
    {
        var snapshot = new Snapshot(value, putAt);
        Volatile.Read(ref young).AddOrUpdate(key, snapshot, (_, known) => known.PutAt > putAt ? known : snapshot);
        if (Interlocked.Increment(ref added) < generationSize) return;
        lock (turn)
        {
            if (added < generationSize) return;
            added = 0;
            Volatile.Write(ref old, young);
            Volatile.Write(ref young, new ConcurrentDictionary<TKey, Snapshot>());
        }
    }

    public void Remove(TKey key)
    {
        Volatile.Read(ref young).TryRemove(key, out _);
        Volatile.Read(ref old).TryRemove(key, out _);
    }

    private sealed record Snapshot(TValue Value, long PutAt);
}

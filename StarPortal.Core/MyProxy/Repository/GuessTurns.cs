namespace StarPortal.Core.MyProxy;

/// <summary>
/// A few passphrases at once for one user name on this node: guesses that run side by side before the first of them is counted are no more than these. Whoever comes
/// later waits its turn.
/// </summary>
/// <param name="limit">Wrong passphrases after which a name rests: no more than that at once.</param>
internal sealed class GuessTurns(int limit) : IDisposable
{
    private const int AtOnce = 4;

    private readonly Dictionary<string, Queue> queues = new(StringComparer.Ordinal);

    public async Task<Turn> EnterAsync(string userHash, CancellationToken ct)
    {
        Queue queue;
        lock (queues)
        {
            if (!queues.TryGetValue(userHash, out queue!)) queues[userHash] = queue = new Queue(Math.Min(AtOnce, limit));
            queue.Users++;
        }

        try
        {
            await queue.Turns.WaitAsync(ct);
            return new Turn(this, userHash, queue);
        }
        catch (OperationCanceledException)
        {
            Leave(userHash, queue);
            throw;
        }
    }

    public void Dispose()
    {
        lock (queues)
        {
            foreach (var queue in queues.Values) queue.Turns.Dispose();
            queues.Clear();
        }
    }

    private void Leave(string userHash, Queue queue)
    {
        lock (queues)
        {
            if (--queue.Users > 0) return;
            queues.Remove(userHash);
            queue.Turns.Dispose();
        }
    }

    /// <summary>A passphrase that is being judged, or waits for it.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly GuessTurns turns;
        private readonly string userHash;
        private readonly Queue queue;
        private bool isUncounted;

        internal Turn(GuessTurns turns, string userHash, Queue queue) => (this.turns, this.userHash, this.queue) = (turns, userHash, queue);

        /// <summary>Of this name, judged at this moment and to be counted only if wrong.</summary>
        public int Uncounted => Volatile.Read(ref queue.Uncounted);

        /// <summary>This one is counted only if it is wrong.</summary>
        public void GoUncounted()
        {
            isUncounted = true;
            Interlocked.Increment(ref queue.Uncounted);
        }

        public void Dispose()
        {
            if (isUncounted) Interlocked.Decrement(ref queue.Uncounted);
            queue.Turns.Release();
            turns.Leave(userHash, queue);
        }
    }

    internal sealed class Queue(int atOnce)
    {
        public int Uncounted;

        public SemaphoreSlim Turns { get; } = new(atOnce);

        public int Users { get; set; }
    }
}

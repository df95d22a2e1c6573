namespace StarPortal.Core.MyProxy;

/// <summary>
/// A few passphrases at once for one user name on this node: guesses that run side by side before the first of them is counted are no more than these. Whoever comes
/// later waits its turn.
/// </summary>
internal sealed class GuessTurns : IDisposable
{
    private const int AtOnce = 4;

    private readonly Dictionary<string, Queue> queues = new(StringComparer.Ordinal);

    public async Task<IDisposable> EnterAsync(string userHash, CancellationToken ct)
    {
        Queue queue;
        lock (queues)
        {
            if (!queues.TryGetValue(userHash, out queue!)) queues[userHash] = queue = new Queue();
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

    private sealed class Queue
    {
        public SemaphoreSlim Turns { get; } = new(AtOnce);

        public int Users { get; set; }
    }

    private sealed class Turn(GuessTurns turns, string userHash, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Turns.Release();
            turns.Leave(userHash, queue);
        }
    }
}

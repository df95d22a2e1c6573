using System.Collections.Concurrent;

namespace StarPortal.Core.Acme;

/// <summary>
/// Attempts that this node is making now. A client that asks meanwhile is answered as soon as the outcome is known, so that it asks once and
/// goes on at once, instead of asking again and again and being a pause too late in the end.
/// </summary>
public sealed class AttemptsUnderWay
{
    /// <summary>Of the server for the outcome, while a client waits: short beside what clients allow a request.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> ends = new();

    internal async Task DoAsync(AcmeAuthorization authorization, Func<Task> attempt)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ends[authorization.Id] = end;
        try
        {
            await attempt();
        }
        finally
        {
            ends.TryRemove(new KeyValuePair<Guid, TaskCompletionSource>(authorization.Id, end));
            end.SetResult();
        }
    }

    /// <returns>Whether there was anything to wait for.</returns>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    internal async ValueTask<bool> WaitAsync(AcmeAuthorization authorization, CancellationToken ct)
    {
        if (!authorization.IsProcessing || !ends.TryGetValue(authorization.Id, out var end)) return false;
        await end.Task.WaitAsync(Patience, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        return true;
    }
}

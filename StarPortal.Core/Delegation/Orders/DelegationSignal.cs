namespace StarPortal.Core.Delegation;

/// <summary>Wakes this node's loops when something is due at once; what other nodes add they find within a second.</summary>
public sealed class DelegationSignal
{
    private TaskCompletionSource next = New();

    public void Wake() => Interlocked.Exchange(ref next, New()).SetResult();

    /// <summary>Begin to wait before looking for work, so that nothing is missed between.</summary>
    /// <returns>When woken, or after this time.</returns>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        var woken = Volatile.Read(ref next).Task;
        await Task.WhenAny(woken, Task.Delay(atMost, ct));
        ct.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

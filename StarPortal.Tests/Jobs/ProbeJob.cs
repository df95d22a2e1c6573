using StarPortal.Core.Jobs;

namespace StarPortal.Tests.Jobs;

/// <summary>A job that counts.</summary>
internal sealed class ProbeJob : IPortalJob
{
    private int runs;

    private TaskCompletionSource progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<Task>? Work { get; set; }

    public int Runs => Volatile.Read(ref runs);

    public string Name => "probe";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var number = Interlocked.Increment(ref runs);
        Interlocked.Exchange(ref progress, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (Work is not null) await Work();
        return $"run {number}";
    }

    public async Task WaitForAsync(int count, CancellationToken ct)
    {
        while (true)
        {
            var next = Volatile.Read(ref progress).Task;
            if (Runs >= count) return;
            await next.WaitAsync(TimeSpan.FromSeconds(30), ct);
        }
    }
}

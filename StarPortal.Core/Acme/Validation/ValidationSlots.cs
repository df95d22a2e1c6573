using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>How much of the outside world this node asks at the same time: slow servers of some must not take the machine from all.</summary>
public sealed class ValidationSlots(IOptions<AcmeOptions> options) : IDisposable
{
    private readonly SemaphoreSlim slots = new(options.Value.ValidationConcurrency);
    private readonly Dictionary<string, Share> shares = new(StringComparer.Ordinal);

    /// <summary>Of the slots, at most so many are one account's.</summary>
    internal static int ShareOf(AcmeOptions options) => Math.Max(1, options.ValidationConcurrency / 4);

    /// <summary>Waits for a slot; the validation's time starts when it has one.</summary>
    internal async Task<ValidationOutcome> RunAsync(Func<ValidationTrace, CancellationToken, Task<string>> validate, CancellationToken ct)
    {
        await slots.WaitAsync(ct);
        try
        {
            return await ValidationRun.RunAsync(options.Value.Validation.Timeout, validate, ct);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>As above for what an account's own request waits for, such as CAA: within the share of the account.</summary>
    internal async Task<ValidationOutcome> RunAsync(string account, Func<Task<ValidationOutcome>> ask, CancellationToken ct)
    {
        var share = Enter(account);
        try
        {
            await share.Slots.WaitAsync(ct);
            try
            {
                await slots.WaitAsync(ct);
                try
                {
                    return await ask();
                }
                finally
                {
                    slots.Release();
                }
            }
            finally
            {
                share.Slots.Release();
            }
        }
        finally
        {
            Leave(account, share);
        }
    }

    public void Dispose() => slots.Dispose();

    private Share Enter(string account)
    {
        lock (shares)
        {
            if (!shares.TryGetValue(account, out var share)) shares[account] = share = new Share(new SemaphoreSlim(ShareOf(options.Value)));
            share.Users++;
            return share;
        }
    }

    private void Leave(string account, Share share)
    {
        lock (shares)
        {
            if (--share.Users > 0) return;
            shares.Remove(account);
            share.Slots.Dispose();
        }
    }

    private sealed class Share(SemaphoreSlim slots)
    {
        public SemaphoreSlim Slots => slots;

        public int Users { get; set; }
    }
}

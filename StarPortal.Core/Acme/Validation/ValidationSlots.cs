using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>How many validations this node makes at the same time: slow servers of some must not take the machine from all.</summary>
public sealed class ValidationSlots(IOptions<AcmeOptions> options) : IDisposable
{
    private readonly SemaphoreSlim slots = new(options.Value.ValidationConcurrency);

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

    public void Dispose() => slots.Dispose();
}

using System.Security.Cryptography;
using System.Threading.Channels;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// RSA keys for proxies that clients store here (PUT), made ahead: one takes a tenth of a second, more or less at random. Nothing is made before the first is asked for.
/// </summary>
public sealed class ProxyKeyPool : IAsyncDisposable
{
    private const int Bits = 2048;

    private readonly Channel<RSA> ready;
    private readonly CancellationTokenSource stop = new();
    private readonly Lazy<Task> filling;

    public ProxyKeyPool()
        : this(size: 8)
    {
    }

    internal ProxyKeyPool(int size)
    {
        ready = Channel.CreateBounded<RSA>(size);
        filling = new Lazy<Task>(() => Task.Run(FillAsync));
    }

    internal int Ready => ready.Reader.Count;

    /// <summary>A key of its own for the caller, who disposes of it: from the pool, or made now when it is empty.</summary>
    public async ValueTask<RSA> TakeAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _ = filling.Value;
        return ready.Reader.TryRead(out var key) ? key : await Task.Run(Make, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (filling.IsValueCreated) await filling.Value;
        while (ready.Reader.TryRead(out var key)) key.Dispose();
        stop.Dispose();
    }

    private async Task FillAsync()
    {
        try
        {
            while (await ready.Writer.WaitToWriteAsync(stop.Token)) await ready.Writer.WriteAsync(Make(), stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The end of the process.
        }
    }

    /// <summary>.NET makes the key at its first use.</summary>
    private static RSA Make()
    {
        var key = RSA.Create(Bits);
        key.ExportSubjectPublicKeyInfo();
        return key;
    }
}

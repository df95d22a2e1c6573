using System.Diagnostics;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A channel whose other end has only so long for each message, and for all of them.</summary>
internal sealed class PatientChannel(IChannel inner, TimeSpan idle, TimeSpan whole) : IChannel
{
    private readonly long startedAt = Stopwatch.GetTimestamp();

    private TimeSpan Left => whole - Stopwatch.GetElapsedTime(startedAt);

    /// <exception cref="ServiceException">Nothing came for too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var patience = Left < idle ? Left : idle;
        if (patience <= TimeSpan.Zero) throw MyProxyErrors.Slow();
        limit.CancelAfter(patience);
        try
        {
            return await inner.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Left <= TimeSpan.Zero ? MyProxyErrors.Slow() : MyProxyErrors.Idle();
        }
    }

    /// <exception cref="IOException">The client takes nothing: a reply may be half sent, and nothing can follow it.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(idle);
        try
        {
            await inner.WriteAsync(message, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TlsException("the client does not read");
        }
    }
}

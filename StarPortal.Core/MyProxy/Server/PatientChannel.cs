using System.Diagnostics;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A channel whose other end has only so long for each message, and for all of them.</summary>
internal sealed class PatientChannel(IChannel inner, TimeSpan idle, TimeSpan whole) : IChannel
{
    private TimeSpan left = whole; // of the time that is spent in waiting for the client: our own work is not its fault

    /// <exception cref="ServiceException">Nothing came for too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (left <= TimeSpan.Zero) throw MyProxyErrors.Slow();
        limit.CancelAfter(left < idle ? left : idle);
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            return await inner.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw left < idle ? MyProxyErrors.Slow() : MyProxyErrors.Idle();
        }
        finally
        {
            left -= Stopwatch.GetElapsedTime(startedAt);
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

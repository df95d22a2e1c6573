using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>
/// An order that this node works on: leased for half a minute, and again and again while the work lasts, so that a slow CA keeps it and a node that dies does not.
/// It spares work and decides nothing: of two who write, the order's revision lets one through.
/// </summary>
internal sealed class OrderLease : IAsyncDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource ended = new();
    private readonly IDbContextFactory<PortalDbContext> contexts;
    private readonly TimeProvider clock;
    private readonly Task renewing;
    private DelegatedOrder order;

    /// <param name="leased">As it was written.</param>
    public OrderLease(DelegatedOrder leased, IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
    {
        (order, this.contexts, this.clock) = (leased, contexts, clock);
        renewing = RenewAsync(ended.Token);
    }

    /// <summary>A step is written down, and the next one begins.</summary>
    public void GoOn(DelegatedOrder written) => Volatile.Write(ref order, written);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(ct)) await TryProlongAsync(ct);
    }

    private async Task TryProlongAsync(CancellationToken ct)
    {
        try
        {
            await ProlongAsync(contexts, Volatile.Read(ref order), clock.GetUtcNow() + Length, ct);
        }
#pragma warning disable CA1031 // A lost database or the like: the lease runs out unless the next turn succeeds.
        catch (Exception) when (!ct.IsCancellationRequested)
        {
        }
#pragma warning restore CA1031
    }

    /// <summary>Unless somebody else has it. One that its owner canceled while its first certificate is being had stays with whoever is at it, and tells the CA afterwards.</summary>
    internal static async Task ProlongAsync(IDbContextFactory<PortalDbContext> contexts, DelegatedOrder held, DateTimeOffset until, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.DelegatedOrders
            .Where(order => order.Id == held.Id && (order.Revision == held.Revision
                || (order.Revision == held.Revision + 1 && order.Status == DelegatedOrderStatus.Canceled && order.IsCancelPending && order.CertificateUrl == null)))
            .ExecuteUpdateAsync(set => set.SetProperty(order => order.DueAt, until), ct);
    }
}

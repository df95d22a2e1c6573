using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>When a consumer had better ask again: by how fast orders are done here and how many are before it.</summary>
public sealed class RegistrationPace(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int SecondsForAPerson = 60;
    private const int MostSeconds = 300;

    /// <summary>Orders a second that this promise is made by: a part of what was measured.</summary>
    private const int DoneASecond = 50;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <returns>Seconds; null: it is decided.</returns>
    public async Task<int?> RetryAfterAsync(DelegatedOrder order, CancellationToken ct)
    {
        switch (order.Status)
        {
            case DelegatedOrderStatus.Waiting: return SecondsForAPerson;
            case DelegatedOrderStatus.Processing: break;
            case DelegatedOrderStatus.Ready or DelegatedOrderStatus.Valid or DelegatedOrderStatus.Canceled or DelegatedOrderStatus.Invalid: return null;
        }

        var now = clock.GetUtcNow();
        if (order.Failures > 0) return (int)Math.Clamp(((order.DueAt ?? now) - now).TotalSeconds + 1, 1, MostSeconds);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = await db.DelegatedOrders.CountAsync(other => other.DueAt < now + Soon && other.CreatedAt <= order.CreatedAt && other.Status == DelegatedOrderStatus.Processing, ct);
        return Math.Clamp(1 + before / DoneASecond, 1, MostSeconds);
    }
}

using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>How a delegated order stands, as owners ask for it.</summary>
public enum DelegatedOrderState
{
    AwaitsRequest,
    AwaitsApproval,

    /// <summary>The CA is being asked for the first certificate.</summary>
    Processing,

    /// <summary>Something stands against the first or the next certificate.</summary>
    Troubled,

    /// <summary>The next certificate is overdue, for no reason that is known.</summary>
    Late,

    /// <summary>Renewed in time.</summary>
    Active,

    /// <summary>One certificate, without renewals.</summary>
    Issued,

    /// <summary>Its time is over, as agreed.</summary>
    Ended,
    Canceled,

    /// <summary>Refused by the owner or by the CA, or given up.</summary>
    Failed,
}

/// <summary>What this portal's own CA knows of an order that it renews.</summary>
internal sealed record LocalRenewal(
    Guid Id, StarOrderState State, string? Trouble, DateTimeOffset? TroubleSince, DateTimeOffset? DueAt, DateTimeOffset? LastNotAfter, OrderFetches Fetched);

internal static class DelegatedOrderStates
{
    public static DelegatedOrderState At(DelegatedOrder order, LocalRenewal? local, DateTimeOffset now) => order.Status switch
    {
        DelegatedOrderStatus.Ready => DelegatedOrderState.AwaitsRequest,
        DelegatedOrderStatus.Waiting => DelegatedOrderState.AwaitsApproval,
        DelegatedOrderStatus.Processing => order.Failures > 0 ? DelegatedOrderState.Troubled : DelegatedOrderState.Processing,
        DelegatedOrderStatus.Canceled => DelegatedOrderState.Canceled,
        DelegatedOrderStatus.Invalid => DelegatedOrderState.Failed,
        DelegatedOrderStatus.Valid when order.IsOverAt(now) => DelegatedOrderState.Ended,
        DelegatedOrderStatus.Valid when !order.IsStar => order.LastNotAfter <= now ? DelegatedOrderState.Ended : DelegatedOrderState.Issued,
        DelegatedOrderStatus.Valid when local is not null => Of(local.State),
        DelegatedOrderStatus.Valid when order.Failures > 0 => DelegatedOrderState.Troubled,
        DelegatedOrderStatus.Valid => order.DueAt < now - StarOrderStates.Grace ? DelegatedOrderState.Late : DelegatedOrderState.Active,
    };

    private static DelegatedOrderState Of(StarOrderState state) => state switch
    {
        StarOrderState.Waiting or StarOrderState.Active => DelegatedOrderState.Active,
        StarOrderState.Late => DelegatedOrderState.Late,
        StarOrderState.Troubled => DelegatedOrderState.Troubled,
        StarOrderState.Ended => DelegatedOrderState.Ended,
        StarOrderState.Canceled => DelegatedOrderState.Canceled,
    };
}

namespace StarPortal.Core.Star;

/// <summary>How an order stands, as people ask for it.</summary>
public enum StarOrderState
{
    /// <summary>Not finalized.</summary>
    Waiting,

    /// <summary>Renewed in time.</summary>
    Active,

    /// <summary>Its next certificate is due for longer than <see cref="StarOrderStates.Grace"/>, for no reason that an order could have.</summary>
    Late,

    /// <summary>Something stands against its next certificate.</summary>
    Troubled,

    /// <summary>Its time is over, as agreed.</summary>
    Ended,
    Canceled,
}

/// <summary>The same rule once for a row that is read, and once for the database.</summary>
internal static class StarOrderStates
{
    /// <summary>What the engine may take for a full round before anybody is told.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public static StarOrderState At(StarOrderStatus status, DateTimeOffset endDate, DateTimeOffset? troubleSince, DateTimeOffset? dueAt, DateTimeOffset now) => status switch
    {
        StarOrderStatus.Waiting => StarOrderState.Waiting,
        StarOrderStatus.Canceled => StarOrderState.Canceled,
        StarOrderStatus.Active when endDate <= now => StarOrderState.Ended,
        StarOrderStatus.Active when troubleSince is not null => StarOrderState.Troubled,
        StarOrderStatus.Active => dueAt < now - Grace ? StarOrderState.Late : StarOrderState.Active,
    };

    public static IQueryable<StarOrder> In(this IQueryable<StarOrder> orders, StarOrderState state, DateTimeOffset now)
    {
        var late = now - Grace;
        return state switch
        {
            StarOrderState.Waiting => orders.Where(order => order.Status == StarOrderStatus.Waiting),
            StarOrderState.Canceled => orders.Where(order => order.Status == StarOrderStatus.Canceled),
            StarOrderState.Ended => orders.Where(order => order.Status == StarOrderStatus.Active && order.EndDate <= now),
            StarOrderState.Troubled => orders.Where(order => order.TroubleSince != null && order.Status == StarOrderStatus.Active && order.EndDate > now),
            StarOrderState.Late => orders.Where(order => order.DueAt < late && order.TroubleSince == null && order.Status == StarOrderStatus.Active && order.EndDate > now),
            StarOrderState.Active => orders.Where(order => order.Status == StarOrderStatus.Active && order.EndDate > now && order.TroubleSince == null && (order.DueAt == null || order.DueAt >= late)),
        };
    }
}

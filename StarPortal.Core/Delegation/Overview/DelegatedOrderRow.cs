namespace StarPortal.Core.Delegation;

/// <summary>What a list of delegated orders is narrowed by; null does not narrow.</summary>
/// <param name="Page">From 1 on.</param>
public sealed record DelegatedOrderQuery(Guid? DelegationId = null, Guid? ConsumerId = null, DelegatedOrderStatus? Status = null, int Page = 1);

/// <summary>How often certificates of an order were fetched, and by whom last.</summary>
/// <param name="LastFrom">Network address.</param>
public sealed record OrderFetches(long Count, DateTimeOffset? LastAt, string? LastFrom);

/// <summary>A delegated order with how it stands, whichever CA it is at.</summary>
/// <param name="Order">For reading.</param>
/// <param name="Consumer">Name; null: nobody in particular.</param>
/// <param name="NextAt">When the next certificate is due, or tried again, as far as this portal knows; null: none is to come.</param>
/// <param name="LastNotAfter">Until when the last certificate lives; null: there is none.</param>
/// <param name="Lag">How long the next certificate is overdue; null: it is not, or nobody knows.</param>
/// <param name="Trouble">What stands against it, for the owner; null: nothing.</param>
public sealed record DelegatedOrderRow(
    DelegatedOrder Order, string? Consumer, DelegatedOrderState State, DateTimeOffset? NextAt, DateTimeOffset? LastNotAfter, TimeSpan? Lag, string? Trouble, OrderFetches Fetched)
{
    /// <summary>Whether there is anything left to stop.</summary>
    public bool IsRunning => State is not (DelegatedOrderState.Ended or DelegatedOrderState.Canceled or DelegatedOrderState.Failed);

    internal static DelegatedOrderRow Of(DelegatedOrder order, LocalRenewal? local, string? consumer, DateTimeOffset now)
    {
        var state = DelegatedOrderStates.At(order, local, now);
        var due = local is null ? order.DueAt : local.DueAt;
        var renews = order.IsStar && state is DelegatedOrderState.Active or DelegatedOrderState.Late or DelegatedOrderState.Troubled;
        return new DelegatedOrderRow(
            order, consumer, state, renews ? due : null, local?.LastNotAfter ?? order.LastNotAfter, LagOf(state, local, due, now), TroubleOf(order, local),
            local?.Fetched ?? new OrderFetches(order.Fetches, order.LastFetchAt, order.LastFetchFrom));
    }

    private static TimeSpan? LagOf(DelegatedOrderState state, LocalRenewal? local, DateTimeOffset? due, DateTimeOffset now) => state switch
    {
        DelegatedOrderState.Late => now - due,
        DelegatedOrderState.Troubled => now - local?.TroubleSince,
        _ => null,
    };

    private static string? TroubleOf(DelegatedOrder order, LocalRenewal? local) => order.Detail ?? (order.Status is DelegatedOrderStatus.Valid ? local?.Trouble : null);
}

/// <summary>A page of a list.</summary>
public sealed record DelegatedOrderList(IReadOnlyList<DelegatedOrderRow> Rows, int Total);

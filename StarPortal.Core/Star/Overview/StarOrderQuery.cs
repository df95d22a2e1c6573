using StarPortal.Core.Authority;

namespace StarPortal.Core.Star;

/// <summary>What a list of STAR orders shows.</summary>
/// <param name="Text">Part of a name; null: any.</param>
/// <param name="Page">From 1.</param>
public sealed record StarOrderQuery(string? Text = null, StarOrderState? State = null, Guid? AccountId = null, int Page = 1)
{
    /// <summary>Of the reader's own accounts alone, whatever else the reader may see.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>A STAR order in a list.</summary>
/// <param name="Lifetime">Seconds.</param>
/// <param name="Issued">Certificates so far.</param>
/// <param name="NextAt">When the next certificate is issued, or tried again; null: none is to come.</param>
public sealed record StarOrderRow(
    Guid Id, Guid AccountId, IReadOnlyList<string> Names, StarOrderState State, string? Trouble, long Lifetime, DateTimeOffset EndDate, long Issued, DateTimeOffset? NextAt, DateTimeOffset? LastFetchAt);

/// <summary>A page of a list, and whether there are more.</summary>
public sealed record StarOrderPage(IReadOnlyList<StarOrderRow> Rows, bool HasMore);

/// <summary>A certificate as it was issued, or as it is to come.</summary>
/// <param name="PublishAt">When it is to be issued.</param>
/// <param name="Serial">Null: not issued, or no longer on record.</param>
public sealed record StarSlotRow(long Index, DateTimeOffset PublishAt, DateTimeOffset NotBefore, DateTimeOffset NotAfter, SerialNumber? Serial, DateTimeOffset? IssuedAt)
{
    /// <summary>How much later than due it was issued; null: it is not.</summary>
    public TimeSpan? Lag => IssuedAt is not { } issued ? null : issued > PublishAt ? issued - PublishAt : TimeSpan.Zero;
}

/// <summary>A STAR order with what the pages show of it.</summary>
/// <param name="Order">For reading.</param>
/// <param name="OwnerName">User name of who answers for the account; null: nobody.</param>
/// <param name="Slots">Those around now, the oldest first.</param>
/// <param name="SlotCount">0: not finalized.</param>
/// <param name="CertificateUrl">Only for who may fetch: it is what protects the certificate. Null for others, and before there is a certificate.</param>
/// <param name="MayCancel">Whether the reader may end it now.</param>
/// <param name="ReadAt">The instant that all of it holds for.</param>
public sealed record StarOrderDetails(
    StarOrder Order, StarOrderState State, string? OwnerName, IReadOnlyList<StarSlotRow> Slots, long SlotCount, string? CertificateUrl, bool MayCancel, DateTimeOffset ReadAt)
{
    public IReadOnlyList<string> Names { get; } = [.. Order.Identifiers.Select(identifier => identifier.Value)];

    /// <summary>How long the next certificate is due; null: it is not.</summary>
    public TimeSpan? Overdue => State is StarOrderState.Late or StarOrderState.Troubled && Slots.FirstOrDefault(slot => slot.Index == Order.NextSlot) is { } next && next.PublishAt < ReadAt ? ReadAt - next.PublishAt : null;
}

namespace StarPortal.Core.Acme;

/// <summary>An order as it is at this instant.</summary>
public sealed record OrderView(AcmeOrder Order, AcmeOrderStatus Status, IReadOnlyList<AcmeAuthorization> Authorizations)
{
    public static OrderView At(DateTimeOffset now, AcmeOrder order, IReadOnlyList<AcmeAuthorization> authorizations) => new(order, order.StatusAt(now, authorizations), authorizations);
}

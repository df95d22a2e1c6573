using System.Text.Json;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>
/// A specification that adds to orders (RFC 8739, RFC 9115): which members of newOrder it understands, and what it does instead of issuing one
/// certificate. Members that no extension knows are ignored (RFC 8555 7.1.2 and 7.4). Register it as a singleton.
/// </summary>
public interface IOrderExtension
{
    /// <summary>Names it in <see cref="AcmeOrder.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Members of the newOrder object, such as <c>auto-renewal</c>: an order with one of them is its own.</summary>
    IReadOnlyList<string> Members { get; }

    /// <summary>What it adds to the directory's meta.</summary>
    void WriteMeta(Utf8JsonWriter meta);

    /// <summary>Reads its members of newOrder.</summary>
    /// <exception cref="AcmeException">They cannot be granted.</exception>
    IOrderTerms Read(JsonElement payload, NewOrder asked);

    /// <summary>What it adds to the order object.</summary>
    ValueTask<Action<Utf8JsonWriter>> DescribeAsync(OrderView view, AcmeLinks links, CancellationToken ct);

    /// <summary>The signing request of a ready order is right: what follows is up to it.</summary>
    /// <returns>The order as it is then.</returns>
    Task<OrderView> FinalizeAsync(AcmeCaller caller, OrderView ready, SigningRequest request, CancellationToken ct);

    /// <returns>Why a certificate of its orders cannot be revoked (RFC 8555 7.6); null: it is none of them.</returns>
    Task<AcmeException?> FindRevocationRefusalAsync(byte[] certificate, CancellationToken ct);

    /// <summary>A POST to the order with a payload, such as RFC 8739's <c>{"status":"canceled"}</c>.</summary>
    /// <returns>The order as it is then.</returns>
    Task<OrderView> UpdateAsync(AcmeCaller caller, OrderView view, JsonElement payload, CancellationToken ct);
}

using System.Text.Json;
using StarPortal.Core.Acme;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Objects of RFC 9115 on the wire.</summary>
internal static class DelegationJson
{
    /// <summary>The directory (2.3.4). Members that an identifier owner has no use for are left out: nothing is authorized or revoked here.</summary>
    public static void WriteDirectory(Utf8JsonWriter json, DelegationDirectory directory, StarOptions star)
    {
        var links = directory.Links;
        json.WriteStartObject();
        json.WriteString("newNonce"u8, links.NewNonce);
        json.WriteString("newAccount"u8, links.NewAccount);
        json.WriteString("newOrder"u8, links.NewOrder);
        json.WriteString("keyChange"u8, links.KeyChange);
        json.WriteStartObject("meta"u8);
        json.WriteString("website"u8, links.PortalUrl + "/");
        json.WriteBoolean("externalAccountRequired"u8, true);
        json.WriteBoolean("delegation-enabled"u8, true);
        json.WriteBoolean("allow-certificate-get"u8, true);
        AutoRenewalJson.WriteMeta(json, star);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The delegation object (2.3.1.3).</summary>
    public static void Write(Utf8JsonWriter json, NameDelegation delegation)
    {
        json.WriteStartObject();
        json.WritePropertyName("csr-template"u8);
        json.WriteRawValue(delegation.Template);
        if (delegation.CnameList is [_, ..] map)
        {
            json.WriteStartObject("cname-map"u8);
            foreach (var (name, target) in map) json.WriteString($"{name}.", $"{target}.");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Order1 (2.3.2, 2.3.3).</summary>
    public static void Write(Utf8JsonWriter json, DelegatedOrder order, DelegationDirectory directory)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, StatusOf(order));
        json.WriteString("expires"u8, OrderJson.Time(order.Status is DelegatedOrderStatus.Valid ? order.EndDate ?? order.LastNotAfter ?? order.ExpiresAt : order.ExpiresAt));
        json.WriteStartArray("identifiers"u8);
        foreach (var name in order.NameList)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "dns");
            json.WriteString("value"u8, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("authorizations"u8);
        json.WriteEndArray();
        json.WriteString("finalize"u8, directory.Links.Finalize(order.Id));
        json.WriteString("delegation"u8, directory.Delegation(order.DelegationId));
        if (order.IsStar) WriteRenewal(json, order);
        else json.WriteBoolean("allow-certificate-get"u8, order.AllowsGet);
        if (order is { Status: DelegatedOrderStatus.Valid or DelegatedOrderStatus.Canceled, CertificateUrl: { } url }) json.WriteString(order.IsStar ? "star-certificate" : "certificate", url);
        if (order.Status is DelegatedOrderStatus.Invalid) WriteError(json, order);
        json.WriteEndObject();
    }

    private static void WriteRenewal(Utf8JsonWriter json, DelegatedOrder order)
    {
        json.WriteStartObject("auto-renewal"u8);
        if (order.StartDate is { } start) json.WriteString("start-date"u8, OrderJson.Time(start));
        json.WriteString("end-date"u8, OrderJson.Time(order.EndDate!.Value));
        json.WriteNumber("lifetime"u8, order.Lifetime);
        json.WriteNumber("lifetime-adjust"u8, order.LifetimeAdjust);
        json.WriteBoolean("allow-certificate-get"u8, order.AllowsGet);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, DelegatedOrder order)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, (order.Problem ?? AcmeProblemType.Unauthorized).Urn);
        json.WriteString("detail"u8, order.Reason);
        json.WriteEndObject();
    }

    /// <summary>RFC 8555 7.1.6, and <c>canceled</c> of RFC 8739 for what renews itself.</summary>
    private static string StatusOf(DelegatedOrder order) => order.Status switch
    {
        DelegatedOrderStatus.Ready => "ready",
        DelegatedOrderStatus.Waiting or DelegatedOrderStatus.Processing => "processing",
        DelegatedOrderStatus.Valid => "valid",
        DelegatedOrderStatus.Canceled when order.IsStar => "canceled",
        DelegatedOrderStatus.Canceled or DelegatedOrderStatus.Invalid => "invalid",
    };
}

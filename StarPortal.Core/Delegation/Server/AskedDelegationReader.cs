using System.Text.Json;
using StarPortal.Core.Acme;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Reads newOrder of the delegation directory (RFC 9115 2.3.2, 2.3.3).</summary>
internal sealed class AskedDelegationReader(AutoRenewalReader renewals, DelegationDirectory directory)
{
    private const string Get = "allow-certificate-get";

    /// <exception cref="AcmeException">malformed, rejectedIdentifier and the like.</exception>
    public AskedDelegation Read(JsonElement payload)
    {
        var order = NewOrderReader.Read(payload);
        if (!payload.TryGetProperty("delegation", out var url) || url.ValueKind is not JsonValueKind.String) throw AcmeErrors.Malformed("The order names no delegation (RFC 9115 2.3.2).");
        // 2.3.2: neither of these with auto-renewal; 2.3.3 has no use for them, since the owner decides how long.
        if (order.NotBefore is not null || order.NotAfter is not null) throw AcmeErrors.Malformed("A delegated order has neither notBefore nor notAfter (RFC 9115 2.3.2).");
        return new AskedDelegation(directory.DelegationOf(url.GetString()), order.Identifiers, ReadRenewal(payload, order));
    }

    private AskedRenewal? ReadRenewal(JsonElement payload, NewOrder order)
    {
        var asksForGet = payload.TryGetProperty(Get, out var get) && get.ValueKind is JsonValueKind.True;
        if (!payload.TryGetProperty(AutoRenewalReader.Member, out _))
            return asksForGet ? null : throw AcmeErrors.Malformed($"A delegated order has {AutoRenewalReader.Member}, or {Get} that is true (RFC 9115 2.3.3).");
        var renewal = renewals.Read(payload, order);
        return renewal.AllowCertificateGet ? renewal : throw AcmeErrors.Malformed($"{AutoRenewalReader.Member} has {Get} that is true (RFC 9115 2.3.2).");
    }
}

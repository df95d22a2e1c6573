using System.Collections.Frozen;
using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>The extensions of this product, and which of them an order belongs to.</summary>
public sealed class OrderExtensions(IEnumerable<IOrderExtension> extensions) : IDirectoryMeta
{
    private readonly FrozenDictionary<string, IOrderExtension> byKind = extensions.ToFrozenDictionary(extension => extension.Kind, StringComparer.Ordinal);

    public void Write(Utf8JsonWriter meta)
    {
        foreach (var extension in byKind.Values) extension.WriteMeta(meta);
    }

    /// <returns>The order with what its extension, if any, read of it.</returns>
    /// <exception cref="AcmeException">Two extensions in one order; or what the extension refuses.</exception>
    public NewOrder Read(JsonElement payload, NewOrder asked)
    {
        var concerned = byKind.Values.Where(extension => extension.Members.Any(member => payload.TryGetProperty(member, out _))).ToList();
        return concerned switch
        {
            [] => asked,
            [var only] => asked with { Extension = only.Read(payload, asked) },
            _ => throw AcmeErrors.Malformed($"An order is one of these, not several: {string.Join(", ", concerned.SelectMany(extension => extension.Members))}."),
        };
    }

    /// <exception cref="AcmeException">The certificate belongs to a kind of orders whose certificates cannot be revoked.</exception>
    public async Task RequireRevocableAsync(byte[] certificate, CancellationToken ct)
    {
        foreach (var extension in byKind.Values)
            if (await extension.FindRevocationRefusalAsync(certificate, ct) is { } refusal) throw refusal;
    }

    /// <returns>Null for an order as RFC 8555 has it.</returns>
    public IOrderExtension? Find(AcmeOrder order) => order.Kind is { } kind ? byKind[kind] : null;
}

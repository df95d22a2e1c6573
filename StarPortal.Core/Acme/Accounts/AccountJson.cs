using System.Text.Json;
using System.Text.Json.Serialization;

namespace StarPortal.Core.Acme;

/// <summary>What a client may say of its account (RFC 8555 7.3); other members are ignored.</summary>
internal sealed class AccountInputJson
{
    [JsonPropertyName("contact")]
    public List<string?>? Contact { get; init; }

    [JsonPropertyName("termsOfServiceAgreed")]
    public bool? TermsOfServiceAgreed { get; init; }

    [JsonPropertyName("onlyReturnExisting")]
    public bool? OnlyReturnExisting { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("externalAccountBinding")]
    public JsonElement? ExternalAccountBinding { get; init; }
}

/// <summary>The account object (RFC 8555 7.1.2).</summary>
internal sealed class AccountJson
{
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("contact")]
    public required IReadOnlyList<string> Contact { get; init; }

    [JsonPropertyName("termsOfServiceAgreed")]
    public bool? TermsOfServiceAgreed { get; init; }

    [JsonPropertyName("externalAccountBinding")]
    public JsonElement? ExternalAccountBinding { get; init; }

    [JsonPropertyName("orders")]
    public required string Orders { get; init; }

    /// <summary>RFC 9115 2.3.1.1: reported by directories that delegate, and by no other.</summary>
    [JsonPropertyName("delegations")]
    public string? Delegations { get; init; }

    public static AccountJson Of(AcmeAccount account, AcmeLinks links, string? delegations = null) => new()
    {
        Status = account.Status switch
        {
            AcmeAccountStatus.Valid => "valid",
            AcmeAccountStatus.Deactivated => "deactivated",
            AcmeAccountStatus.Revoked => "revoked",
        },
        Contact = account.Contacts,
        TermsOfServiceAgreed = account.AgreedTerms is null ? null : true,
        ExternalAccountBinding = account.ExternalAccountBinding is { } binding ? JsonElement.Parse(binding) : null,
        Orders = links.Orders(account.Id),
        Delegations = delegations,
    };
}

/// <summary>A page of the orders list (RFC 8555 7.1.2.1).</summary>
internal sealed class OrdersJson
{
    [JsonPropertyName("orders")]
    public required IReadOnlyList<string> Orders { get; init; }
}

/// <summary>The inner payload of a key change (RFC 8555 7.3.5).</summary>
internal sealed class KeyChangeJson
{
    [JsonPropertyName("account")]
    public string? Account { get; init; }

    [JsonPropertyName("oldKey")]
    public JsonElement? OldKey { get; init; }
}

[JsonSourceGenerationOptions(AllowDuplicateProperties = false, MaxDepth = AcmeJson.MaxDepth, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountInputJson))]
[JsonSerializable(typeof(AccountJson))]
[JsonSerializable(typeof(OrdersJson))]
[JsonSerializable(typeof(KeyChangeJson))]
internal sealed partial class AccountJsonContext : JsonSerializerContext;

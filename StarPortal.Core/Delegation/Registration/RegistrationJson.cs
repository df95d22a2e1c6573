using System.Text.Json.Serialization;

namespace StarPortal.Core.Delegation;

/// <summary>A registration as its consumer sees it.</summary>
internal sealed class RegistrationJson
{
    /// <summary><c>pending</c>, <c>valid</c> or <c>failed</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>Days.</summary>
    [JsonPropertyName("lifetime")]
    public int? Lifetime { get; init; }

    /// <summary>Hours.</summary>
    [JsonPropertyName("validity")]
    public double? Validity { get; init; }

    /// <summary>Where the current certificate is.</summary>
    [JsonPropertyName("certificates")]
    public string? Certificates { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    public static RegistrationJson Of(DelegatedOrder order) => order.Status switch
    {
        DelegatedOrderStatus.Ready or DelegatedOrderStatus.Waiting or DelegatedOrderStatus.Processing => new() { Status = "pending", Lifetime = order.Days, Validity = order.Lifetime / 3600.0 },
        DelegatedOrderStatus.Valid => new() { Status = "valid", Lifetime = order.Days, Validity = order.Lifetime / 3600.0, Certificates = order.CertificateUrl },
        DelegatedOrderStatus.Canceled or DelegatedOrderStatus.Invalid => new() { Status = "failed", Reason = order.Reason },
    };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegistrationJson))]
internal sealed partial class RegistrationJsonContext : JsonSerializerContext;

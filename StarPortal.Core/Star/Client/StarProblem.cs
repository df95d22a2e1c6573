using System.Text.Json;

namespace StarPortal.Core.Star;

/// <summary>The problem document of a refused fetch (RFC 8739 sections 3.1.2 and 3.3).</summary>
internal sealed record StarProblem(string? Type, string? Detail)
{
    private const string Urn = "urn:ietf:params:acme:error:";

    /// <summary>Why no other certificate will come; null when the refusal does not say that.</summary>
    public string? End => Type switch
    {
        Urn + "autoRenewalCanceled" => "The renewal of this certificate was canceled (autoRenewalCanceled): no other one will come.",
        Urn + "autoRenewalExpired" => "The order of this certificate is over (autoRenewalExpired): no other one will come.",
        _ => null,
    };

    /// <summary>A body that is no problem document says nothing.</summary>
    public static StarProblem Of(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object ? new(TextOf(document.RootElement, "type"), TextOf(document.RootElement, "detail")) : new(null, null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return new(null, null);
        }
    }

    private static string? TextOf(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}

using System.Text;
using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>Reads what a signed request brings.</summary>
internal static class PayloadReader
{
    /// <exception cref="AcmeException">malformed: no JSON object.</exception>
    public static JsonDocument Read(AcmeRequest request)
    {
        try
        {
            var payload = JsonDocument.Parse(request.Payload, AcmeJson.Strict);
            if (payload.RootElement.ValueKind is JsonValueKind.Object) return payload;
            payload.Dispose();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Said below. The second: a lone surrogate, escaped, in the name of a member.
        }

        throw AcmeErrors.BadJson();
    }

    /// <exception cref="AcmeException">malformed: missing, or not strict base64url.</exception>
    public static byte[] Bytes(JsonElement payload, string member) =>
        payload.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String
            && StrictBase64Url.TryDecode(Text(value), out var bytes)
            ? bytes : throw AcmeErrors.Malformed($"{member} is missing or not base64url without padding.");

    /// <exception cref="AcmeException">404: not in the one form that our URLs have.</exception>
    public static Guid Id(string text) => AcmeLinks.TryParseId(text, out var id) ? id : throw AcmeErrors.NotFound();

    /// <summary>Empty when it is no text at all: a lone surrogate, escaped.</summary>
    private static byte[] Text(JsonElement value)
    {
        try
        {
            return Encoding.UTF8.GetBytes(value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }
}

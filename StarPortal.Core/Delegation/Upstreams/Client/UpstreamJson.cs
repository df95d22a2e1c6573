using System.Text.Json;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>JSON of an upstream, strictly: whoever reads a part of it later finds no text that is none.</summary>
internal static class UpstreamJson
{
    /// <exception cref="JsonException">Not JSON, or with texts that are no Unicode.</exception>
    public static JsonElement Parse(byte[] octets)
    {
        try
        {
            using var document = JsonDocument.Parse(octets, AcmeJson.Strict);
            RequireTexts(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A text is no Unicode.", error);
        }
    }

    /// <summary>Reading a text is what fails by <see cref="InvalidOperationException"/>, for half a surrogate pair.</summary>
    private static void RequireTexts(JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.String) _ = element.GetString();
        if (element.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) RequireTexts(item);
        }

        if (element.ValueKind is not JsonValueKind.Object) return;
        foreach (var member in element.EnumerateObject())
        {
            _ = member.Name;
            RequireTexts(member.Value);
        }
    }
}

using System.Text;
using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>On which line of a template's text the place of a finding is, for an editor that shows both. Pure; never throws.</summary>
public static class TemplateLines
{
    /// <returns>The line, from 1; of the innermost object that is there when the text has no such place, and 1 when it is not JSON.</returns>
    public static int Find(string json, string path)
    {
        var places = Index(json);
        for (var at = path; ; at = at[..Math.Max(at.LastIndexOf('.'), at.LastIndexOf('['))])
        {
            if (places.TryGetValue(at, out var line)) return line;
            if (at.LastIndexOf('.') < 0 && at.LastIndexOf('[') < 0) return 1;
        }
    }

    private static Dictionary<string, int> Index(string json)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        var text = Encoding.UTF8.GetBytes(json);
        try
        {
            var reader = new Utf8JsonReader(text);
            if (reader.Read()) Walk(ref reader, text, "$", places);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // What was read until here is what can be told.
        }

        return places;
    }

    /// <summary>The value that the reader stands on; of a member that is there twice, the second, which is what the finding is about.</summary>
    private static void Walk(ref Utf8JsonReader reader, byte[] text, string path, Dictionary<string, int> places)
    {
        places[path] = 1 + text.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        if (reader.TokenType is JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
            {
                var member = $"{path}.{JsonPart.Show(reader.GetString()!)}";
                if (reader.Read()) Walk(ref reader, text, member, places);
            }
        }
        else if (reader.TokenType is JsonTokenType.StartArray)
        {
            for (var index = 0; reader.Read() && reader.TokenType is not JsonTokenType.EndArray; index++) Walk(ref reader, text, $"{path}[{index}]", places);
        }
    }
}

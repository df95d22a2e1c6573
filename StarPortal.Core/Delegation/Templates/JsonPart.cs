using System.Text.Json;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>A value of a template's JSON and where it stands. What is wrong is noted down, and reading goes on: an author wants to see all of it.</summary>
internal sealed class JsonPart(JsonElement element, string path, List<CsrTemplateFinding> findings)
{
    /// <summary>Elements of a list: a certificate with more names is nobody's.</summary>
    private const int MaxItems = 100;

    private const int MaxShown = 60;

    public string Path { get; } = path;

    public bool IsEmptyObject => element.ValueKind is JsonValueKind.Object && !element.EnumerateObject().Any();

    public void Error(string text) => findings.Add(new(Path, TemplateSeverity.Error, text));

    public void Warn(string text) => findings.Add(new(Path, TemplateSeverity.Warning, text));

    /// <summary>The members of an object, by name; unknown and repeated ones are errors. Null, with an error, when this is no object.</summary>
    public IReadOnlyDictionary<string, JsonPart>? ReadMembers(IReadOnlyList<string> known)
    {
        if (element.ValueKind is not JsonValueKind.Object) return Refuse($"This has to be an object, {{ … }}, with members of: {string.Join(", ", known)}.");
        Dictionary<string, JsonPart> members = new(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            var name = NameOf(property);
            var member = new JsonPart(property.Value, $"{Path}.{Show(name)}", findings);
            if (!known.Contains(name, StringComparer.Ordinal)) member.Error(UnknownMember(name, known));
            else if (!members.TryAdd(name, member)) member.Error("This member stands here twice: keep one of them.");
        }

        return members;
    }

    /// <summary>The elements of a list that may not be empty. Null, with an error, when this is none.</summary>
    public IReadOnlyList<JsonPart>? ReadItems()
    {
        if (element.ValueKind is not JsonValueKind.Array) return RefuseList("This has to be a list, [ … ].");
        if (element.GetArrayLength() == 0) return RefuseList("This list is empty: write what belongs into it, or leave the member out if it is optional.");
        if (element.GetArrayLength() > MaxItems) return RefuseList($"This list has more than {MaxItems} elements.");
        return [.. element.EnumerateArray().Select((item, index) => new JsonPart(item, $"{Path}[{index}]", findings))];
    }

    /// <summary>A text that is not empty. Null, with an error, when this is none.</summary>
    public string? ReadText()
    {
        if (element.ValueKind is not JsonValueKind.String) return RefuseText("This has to be a text in quotation marks.");
        var text = Decode(element.GetString);
        if (text is null) return RefuseText("This text has half of a surrogate pair in it.");
        return text.Length > 0 ? text : RefuseText("This text is empty: write a value, \"**\" or \"*\", or leave it out.");
    }

    /// <summary>CDDL's uint. Null, with an error, when this is none.</summary>
    public ulong? ReadUnsigned()
    {
        if (element.ValueKind is JsonValueKind.Number && element.TryGetUInt64(out var number)) return number;
        Error("This has to be a whole number without quotation marks, such as 2048.");
        return null;
    }

    /// <summary>One of the words. Null, with an error that lists them, when this is another.</summary>
    public string? ReadWord(IReadOnlyList<string> words)
    {
        if (ReadText() is not { } text) return null;
        return words.Contains(text, StringComparer.Ordinal) ? text : RefuseText($"'{Show(text)}' is not known here. {Suggest(text, words)}");
    }

    /// <summary>What stands in the JSON, made fit for a message.</summary>
    public static string Show(string text)
    {
        var safe = new string([.. text.Take(MaxShown).Select(character => NameRules.IsUnsafe(character) || char.IsSurrogate(character) ? '?' : character)]);
        return text.Length > MaxShown ? safe + "…" : safe;
    }

    private static string UnknownMember(string name, IReadOnlyList<string> known) =>
        $"A template has no member '{Show(name)}' here. {Suggest(name, known)}";

    private static string Suggest(string text, IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } meant ? $"Write {meant}." : $"Write one of: {string.Join(", ", words)}.";

    private static string NameOf(JsonProperty property) => Decode(() => property.Name) ?? "?";

    /// <summary>JSON can spell characters that are none ("\ud800"); .NET finds out when it is asked for the text.</summary>
    private static string? Decode(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private Dictionary<string, JsonPart>? Refuse(string text)
    {
        Error(text);
        return null;
    }

    private JsonPart[]? RefuseList(string text)
    {
        Error(text);
        return null;
    }

    private string? RefuseText(string text)
    {
        Error(text);
        return null;
    }
}

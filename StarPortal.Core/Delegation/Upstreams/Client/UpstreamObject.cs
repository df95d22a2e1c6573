using System.Globalization;
using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>A JSON object of an upstream, read member by member: what is there has to be of its type, what is not known is ignored (RFC 8555 7.1).</summary>
internal readonly record struct UpstreamObject(JsonElement Element, Uri From)
{
    /// <summary>More than any list has that we ask for.</summary>
    private const int MaxItems = 200;

    /// <exception cref="UpstreamException">Nonsense: no JSON object.</exception>
    public static UpstreamObject Read(UpstreamAnswer answer)
    {
        try
        {
            if (UpstreamJson.Parse(answer.Body) is { ValueKind: JsonValueKind.Object } element) return new(element, answer.Url);
        }
        catch (JsonException error)
        {
            throw UpstreamErrors.Nonsense($"it is not JSON{(answer.MediaType is null ? "" : $" but {Star.PlainText.Of(answer.MediaType)}")}.", error);
        }

        throw UpstreamErrors.Nonsense("it is not a JSON object.");
    }

    public string Text(string name) => FindText(name) ?? throw UpstreamErrors.Nonsense($"{name} is missing.");

    public string? FindText(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.String ? value.GetString() : throw UpstreamErrors.Nonsense($"{name} is not a text.");
    }

    public Uri Url(string name, UpstreamUrls urls) => urls.Require(From, Text(name), name);

    public Uri? FindUrl(string name, UpstreamUrls urls) => FindText(name) is { } text ? urls.Require(From, text, name) : null;

    /// <summary>RFC 3339.</summary>
    public DateTimeOffset? FindTime(string name)
    {
        if (FindText(name) is not { } text) return null;
        return text is [_, _, _, _, '-', _, _, '-', _, _, 'T' or 't' or ' ', ..] && text.Length <= 42 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime()
            : throw UpstreamErrors.Nonsense($"{name} is not a time.");
    }

    public long? FindNumber(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw UpstreamErrors.Nonsense($"{name} is not a whole number.");
    }

    public bool Flag(string name) => Find(name) is { } value && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw UpstreamErrors.Nonsense($"{name} is not true or false."));

    public UpstreamObject? FindObject(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.Object ? this with { Element = value } : throw UpstreamErrors.Nonsense($"{name} is not an object.");
    }

    public UpstreamObject Object(string name) => FindObject(name) ?? throw UpstreamErrors.Nonsense($"{name} is missing.");

    /// <summary>Empty when it is missing.</summary>
    public IReadOnlyList<UpstreamObject> Objects(string name)
    {
        var here = this;
        return [.. Items(name).Select(item => item.ValueKind is JsonValueKind.Object ? here with { Element = item } : throw UpstreamErrors.Nonsense($"{name} is not a list of objects."))];
    }

    /// <summary>Empty when it is missing.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        [.. Items(name).Select(item => item.ValueKind is JsonValueKind.String ? item.GetString()! : throw UpstreamErrors.Nonsense($"{name} is not a list of texts."))];

    /// <summary>The members' names of an object.</summary>
    public IReadOnlyList<string> Names() => [.. Element.EnumerateObject().Take(MaxItems).Select(member => member.Name)];

    private JsonElement.ArrayEnumerator Items(string name)
    {
        if (Find(name) is not { } value) return default;
        if (value.ValueKind is not JsonValueKind.Array) throw UpstreamErrors.Nonsense($"{name} is not a list.");
        return value.GetArrayLength() <= MaxItems ? value.EnumerateArray() : throw UpstreamErrors.Nonsense($"{name} has more than {MaxItems} entries.");
    }

    /// <summary>Null is as good as missing: some servers write it.</summary>
    private JsonElement? Find(string name) => Element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}

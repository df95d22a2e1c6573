using System.Globalization;
using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>Reads the payload of newOrder and newAuthz. Members that nobody knows are ignored (RFC 8555 6.1); those that are known have to be right.</summary>
public static class NewOrderReader
{
    /// <summary>More identifiers are refused before any of them is looked at.</summary>
    public const int MaxIdentifiers = 100;

    /// <exception cref="AcmeException">malformed; unsupportedIdentifier and the like, for several identifiers at once as subproblems.</exception>
    public static NewOrder Read(JsonElement payload) => new()
    {
        Identifiers = ReadIdentifiers(payload), NotBefore = ReadTime(payload, "notBefore"), NotAfter = ReadTime(payload, "notAfter"),
        Profile = ReadString(payload, "profile", 40), Replaces = ReadString(payload, "replaces", 100),
        AllowCertificateGet = ReadFlag(payload, "allow-certificate-get"),
    };

    /// <summary>newAuthz's one identifier.</summary>
    /// <exception cref="AcmeException">As <see cref="Read"/>.</exception>
    public static AcmeIdentifier ReadIdentifier(JsonElement payload) =>
        payload.TryGetProperty("identifier", out var identifier) ? Parse(identifier) : throw AcmeErrors.Malformed("The payload has no identifier.");

    private static List<AcmeIdentifier> ReadIdentifiers(JsonElement payload)
    {
        if (!payload.TryGetProperty("identifiers", out var array) || array.ValueKind is not JsonValueKind.Array) throw AcmeErrors.Malformed("The order has no array of identifiers.");
        if (array.GetArrayLength() is 0) throw AcmeErrors.Malformed("The order names no identifier.");
        if (array.GetArrayLength() > MaxIdentifiers) throw AcmeOrderErrors.TooManyIdentifiers(MaxIdentifiers);
        List<AcmeIdentifier> identifiers = [];
        List<AcmeSubproblem> problems = [];
        foreach (var element in array.EnumerateArray())
        {
            try
            {
                var identifier = Parse(element);
                if (!identifiers.Contains(identifier)) identifiers.Add(identifier);
            }
            catch (AcmeException refused)
            {
                problems.Add(new AcmeSubproblem(refused.Type, refused.Message, FindWritten(element)));
            }
        }

        return problems.Count == 0 ? identifiers : throw AcmeOrderErrors.Identifiers(problems);
    }

    private static AcmeIdentifier Parse(JsonElement element) => element.ValueKind is JsonValueKind.Object
        ? AcmeIdentifier.Parse(ReadString(element, "type", 100), ReadString(element, "value", 1000))
        : throw AcmeErrors.Malformed("An identifier is an object with a type and a value.");

    /// <summary>RFC 8555 6.7.1: what a problem is about, as it was sent.</summary>
    /// <returns>Null: it is nothing that could be written back.</returns>
    private static AcmeIdentifier? FindWritten(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object) return null;
        try
        {
            return (ReadString(element, "type", 100), ReadString(element, "value", 255)) switch
            {
                ("dns", { Length: > 0 } name) when !name.Any(char.IsControl) => AcmeIdentifier.Dns(name),
                ("ip", { Length: > 0 } address) when !address.Any(char.IsControl) => AcmeIdentifier.Ip(address),
                _ => null,
            };
        }
        catch (AcmeException)
        {
            return null;
        }
    }

    /// <summary>RFC 3339; certificates have whole seconds.</summary>
    private static DateTimeOffset? ReadTime(JsonElement payload, string member)
    {
        if (ReadString(payload, member, 40) is not { } text) return null;
        var isTime = text.Length >= 20 && text[10] is 'T' or 't' && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-');
        return isTime && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds())
            : throw AcmeErrors.Malformed($"{member} is not a date and time in the form of RFC 3339.");
    }

    private static bool ReadFlag(JsonElement payload, string member)
    {
        if (!payload.TryGetProperty(member, out var value)) return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw AcmeErrors.Malformed($"{member} is true or false.");
    }

    private static string? ReadString(JsonElement payload, string member, int maxLength)
    {
        if (!payload.TryGetProperty(member, out var value) || value.ValueKind is JsonValueKind.Null) return null;
        try
        {
            return value.ValueKind is JsonValueKind.String && value.GetString() is { } text && text.Length <= maxLength ? text : throw AcmeErrors.Malformed($"{member} is not a string that could be right.");
        }
        catch (InvalidOperationException)
        {
            throw AcmeErrors.Malformed($"{member} is not Unicode text."); // A lone surrogate, escaped.
        }
    }
}

using System.Globalization;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>Reads subjectAltName: at least one kind of names (RFC 9115 appendix A, non-empty subjectaltname), each name fit for its kind.</summary>
internal static class SubjectAltNameReader
{
    private static readonly string[] Members = [.. AltNameKind.All.Select(kind => kind.Member)];

    public static IReadOnlyList<NameRule>? Read(JsonPart part)
    {
        if (part.ReadMembers(Members) is not { } members) return null;
        if (part.IsEmptyObject) part.Error("subjectAltName is empty: write at least one name, as in { \"DNS\": [\"abc.example.org\"] }.");
        return [.. AltNameKind.All.Where(kind => members.ContainsKey(kind.Member)).Select(kind => Read(members[kind.Member], kind))];
    }

    private static NameRule Read(JsonPart list, AltNameKind kind)
    {
        List<TemplateValue> entries = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var item in list.ReadItems() ?? [])
        {
            if (item.ReadText() is not { } text) continue;
            var value = new TemplateValue(text);
            if (!value.IsLiteral) CheckChoice(item, kind);
            else if (FindProblem(kind, text) is { } problem) item.Error(problem);
            else if (!seen.Add(kind.Fold(text))) item.Error("This name stands in the list twice: keep one of them.");
            else if (kind.Type is NameType.Dns && !text.Contains('.', StringComparison.Ordinal)) item.Warn($"'{text}' is a single label: authorities certify names that have a domain.");
            entries.Add(value);
        }

        if (kind.Type is not NameType.Dns) list.Warn("Names of this kind have no challenge by which authorities that speak ACME could prove them: expect that requests with them are refused.");
        return new NameRule(kind, entries);
    }

    private static void CheckChoice(JsonPart item, AltNameKind kind)
    {
        if (kind.MayBeChosen) item.Warn("The consumer chooses this name itself: any of the delegation's names will do, so look at which those are.");
        else item.Error($"{kind.Member} names can't be left to the consumer: write the name itself.");
    }

    private static string? FindProblem(AltNameKind kind, string text)
    {
        // RFC 5280 4.2.1.6: "The name MUST NOT be a relative URI"; a path counts as a URI on some platforms.
        if (kind.Type is NameType.Uri && (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !text.StartsWith($"{uri.Scheme}:", StringComparison.OrdinalIgnoreCase))) return $"'{JsonPart.Show(text)}' is not an absolute URI, such as sip:voice@example.org.";
        if (NameSyntax.FindProblem(new SubjectAlternativeName(kind.Type, kind.Fold(text))) is not { } problem) return null;
        return kind.Type is NameType.Dns && Mend(text) is { } mended ? $"{problem} Write {mended}." : problem;
    }

    /// <summary>What was probably meant: without the dot at the end, without a URL around it, in A-labels.</summary>
    private static string? Mend(string text)
    {
        var name = text.Trim().TrimEnd('.', '/');
        if (name.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme) name = name[(scheme + 3)..];
        try
        {
            var mended = new IdnMapping().GetAscii(name).ToLowerInvariant();
            return NameSyntax.FindProblem(SubjectAlternativeName.Dns(mended)) is null ? mended : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

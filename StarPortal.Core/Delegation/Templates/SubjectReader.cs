namespace StarPortal.Core.Delegation;

/// <summary>Reads subject: at least one field, each a literal or a wildcard (RFC 9115 appendix A, non-empty distinguishedName).</summary>
internal static class SubjectReader
{
    private static readonly string[] Names = [.. SubjectField.All.Select(field => field.Name)];

    public static IReadOnlyList<SubjectRule> Read(JsonPart subject)
    {
        if (subject.ReadMembers(Names) is not { } members) return [];
        if (subject.IsEmptyObject) subject.Error("subject is empty: write the fields that a request has, or leave subject out.");
        List<SubjectRule> rules = [];
        foreach (var field in SubjectField.All)
        {
            if (members.TryGetValue(field.Name, out var part) && ReadValue(part, field) is { } value) rules.Add(new(field, value));
        }

        return rules;
    }

    private static TemplateValue? ReadValue(JsonPart part, SubjectField field)
    {
        if (part.ReadText() is not { } text) return null;
        var value = new TemplateValue(text);
        if (!value.IsLiteral) return value;

        if (field.FindProblem(text) is { } problem) part.Error(problem);
        else if (text.StartsWith('*') && !text.StartsWith("*.", StringComparison.Ordinal)) part.Warn("This stands for itself, stars and all: only \"*\" and \"**\" alone leave the value to the consumer.");
        return value;
    }
}

namespace StarPortal.Core.Delegation;

/// <summary>The extensions that templates may have: the registry "STAR Delegation CSR Template Extensions" (RFC 9115 6.5).</summary>
public static class TemplateExtensions
{
    internal const string Path = "$.extensions";

    /// <summary>By name, in the order in which they are written.</summary>
    internal static readonly IReadOnlyList<(string Name, Func<JsonPart, ITemplateExtension?> Read)> Readers =
    [
        (SubjectAltNameRule.Member, SubjectAltNameRule.Read),
        (KeyUsageRule.Member, KeyUsageRule.Read),
        (ExtendedKeyUsageRule.Member, ExtendedKeyUsageRule.Read),
    ];

    public static IReadOnlyList<string> Registered { get; } = [.. Readers.Select(reader => reader.Name)];

    internal static IReadOnlyList<ITemplateExtension> Read(JsonPart extensions)
    {
        if (extensions.ReadMembers(Registered) is not { } members) return [];
        if (!members.ContainsKey(SubjectAltNameRule.Member)) extensions.Error("subjectAltName is missing: write the names that are certified.");
        List<ITemplateExtension> read = [];
        foreach (var (name, reader) in Readers)
        {
            if (members.TryGetValue(name, out var part) && reader(part) is { } extension) read.Add(extension);
        }

        return read;
    }
}

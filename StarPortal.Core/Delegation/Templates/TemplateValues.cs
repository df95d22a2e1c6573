namespace StarPortal.Core.Delegation;

/// <summary>What a consumer puts where a template leaves the choice to it.</summary>
public sealed record TemplateValues
{
    public static readonly TemplateValues None = new();

    /// <summary>By the template's names of the fields, such as <c>country</c>.</summary>
    public IReadOnlyDictionary<string, string> Subject { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Besides the literal ones.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];
}

using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>A field of the subject that a template may have (RFC 9115 appendix A, distinguishedName) and the attribute that it is mapped to (RFC 5280 4.1.2.6).</summary>
/// <param name="Name">In templates, such as <c>country</c>.</param>
/// <param name="Type">In requests, such as C.</param>
public sealed record SubjectField(string Name, NameAttributeType Type)
{
    public static readonly SubjectField CommonName = Of("commonName", "CN");

    /// <summary>In the order of the RFC, which is the order in which a subject is written.</summary>
    public static readonly IReadOnlyList<SubjectField> All =
    [
        Of("country", "C"), Of("stateOrProvince", "ST"), Of("locality", "L"), Of("organization", "O"), Of("organizationalUnit", "OU"), Of("emailAddress", "emailAddress"), CommonName,
    ];

    /// <summary>RFC 9115 4.1: "The IdO MAY enforce additional constraints, e.g., by restricting field lengths." These are those of RFC 5280 appendix A.1.</summary>
    /// <returns>What is wrong with a value, as a sentence; null when it can stand in a certificate.</returns>
    public string? FindProblem(string value)
    {
        if (value.Length == 0) return "The value is empty.";
        if (Type.ShortName == "C") return value.Length == 2 && value.All(char.IsAsciiLetter) ? null : "A country is its two letters (ISO 3166), such as CA.";
        if (value.Length > Type.MaxLength) return $"{Name} has at most {Type.MaxLength} characters.";
        if (value.Any(NameRules.IsUnsafe) || value.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar)) return "The value has characters that can't be seen, or that are none.";
        return Type.ShortName == "emailAddress" ? NameSyntax.FindProblem(SubjectAlternativeName.Email(value)) : null;
    }

    private static SubjectField Of(string name, string shortName) => new(name, NameAttributeType.FindByName(shortName)!);
}

/// <summary>What a template says about a field of the subject.</summary>
public sealed record SubjectRule(SubjectField Field, TemplateValue Value)
{
    internal string Path => $"$.subject.{Field.Name}";
}

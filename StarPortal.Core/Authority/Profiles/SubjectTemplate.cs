using System.Text.RegularExpressions;

namespace StarPortal.Core.Authority;

/// <summary>
/// A subject with placeholders. The template is taken apart into attributes first and each value is filled afterwards, so that nothing
/// typed into a form can start an attribute of its own.
/// </summary>
internal sealed partial class SubjectTemplate
{
    private const string Base = "{base}";

    private static readonly string[] Placeholders = ["fullName", "uniqueSuffix", "organisation", "userName", "email", "dnsName"];

    private static readonly SubjectFields NoFields = new("", "", "", "", "");

    private readonly IReadOnlyList<NamePart> attributes;

    private SubjectTemplate(IReadOnlyList<NamePart> attributes) => this.attributes = attributes;

    /// <summary>The first attributes that have no placeholder.</summary>
    public DistinguishedName FixedStart => DistinguishedName.Of(attributes.TakeWhile(attribute => !Placeholder().IsMatch(attribute.Value)));

    /// <exception cref="Shared.ServiceException">Invalid: not a template.</exception>
    public static SubjectTemplate Parse(string text, DistinguishedName baseName)
    {
        var trimmed = text.Trim();
        var startsAtBase = trimmed.StartsWith(Base, StringComparison.Ordinal);
        var own = DistinguishedNameText.Read(startsAtBase ? trimmed[Base.Length..].TrimStart(',', ' ') : trimmed);
        foreach (Match match in own.SelectMany(attribute => Placeholder().Matches(attribute.Value)))
        {
            if (!Placeholders.Contains(match.Groups["name"].Value, StringComparer.Ordinal))
                throw AuthorityErrors.BadName("SubjectTemplate", $"{match.Value} is not a placeholder. There are: {{{string.Join("}, {", Placeholders)}}}, and {{base}} at the start.");
        }

        return new SubjectTemplate(startsAtBase ? [.. baseName.Attributes, .. own] : own);
    }

    /// <param name="fields">What people typed; null for hosts.</param>
    /// <param name="dnsName">The name that {dnsName} stands for; empty when there is none.</param>
    public DistinguishedName Render(SubjectFields? fields, string dnsName)
    {
        List<NamePart> filled = [];
        foreach (var attribute in attributes)
        {
            var value = Fill(attribute, fields ?? NoFields, dnsName);
            if (value.Length > 0) filled.Add(attribute with { Value = value });
        }

        return DistinguishedName.Of(filled);
    }

    private static string Fill(NamePart attribute, SubjectFields fields, string dnsName)
    {
        var names = Placeholder().Matches(attribute.Value).Select(match => match.Groups["name"].Value).ToList();
        if (names.Count == 0) return attribute.Value;

        var value = Placeholder().Replace(attribute.Value, match => Resolve(match.Groups["name"].Value, fields, dnsName)).Trim();
        // The longest part is the one that its author can shorten.
        if (value.Length > attribute.Type.MaxLength) throw TooLong(attribute.Type, value.Length, names);
        return value;
    }

    private static string Resolve(string placeholder, SubjectFields fields, string dnsName) => placeholder switch
    {
        "fullName" => FullName(fields.FullName),
        "dnsName" => Plain("Names", dnsName),
        "organisation" => Plain(nameof(SubjectFields.Organisation), fields.Organisation),
        "userName" => Plain(nameof(SubjectFields.UserName), fields.UserName),
        "email" => Plain(nameof(SubjectFields.Email), fields.Email),
        _ => Plain(nameof(SubjectFields.UniqueSuffix), fields.UniqueSuffix),
    };

    private static string FullName(string name)
    {
        if (NameRules.FindProblem(name) is { } problem) throw AuthorityErrors.BadName(nameof(SubjectFields.FullName), problem);
        var ascii = NameFolding.ToAscii(name);
        // Folding may bring out what was not visible in the original: a full-width '=' or the letters in capitals.
        return NameRules.FindProblem(ascii) is { } hidden ? throw AuthorityErrors.BadName(nameof(SubjectFields.FullName), hidden) : ascii;
    }

    /// <summary>Printable ASCII without '/' and '=', of which the one-line form of grid tools could make another name.</summary>
    private static string Plain(string field, string value)
    {
        if (value.Length > 300) throw AuthorityErrors.BadName(field, "This is too long.");
        if (value.Any(character => character is < ' ' or > '~' or '/' or '='))
            throw AuthorityErrors.BadName(field, "Only printable ASCII characters other than '/' and '=' can stand in a certificate's subject.");
        return NameRules.FindUnsafe(value) is { } problem ? throw AuthorityErrors.BadName(field, $"This {problem}.") : value.Trim();
    }

    private static Shared.ServiceException TooLong(NameAttributeType type, int length, List<string> placeholders)
    {
        var field = placeholders[0] switch
        {
            "fullName" => nameof(SubjectFields.FullName),
            "organisation" => nameof(SubjectFields.Organisation),
            "userName" => nameof(SubjectFields.UserName),
            "email" => nameof(SubjectFields.Email),
            _ => nameof(SubjectFields.UniqueSuffix),
        };
        return AuthorityErrors.BadName(field, $"This makes a certificate name ({type.ShortName}) of {length} characters; there is room for {type.MaxLength}. Shorten it by {length - type.MaxLength}.");
    }


    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}

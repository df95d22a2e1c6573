using StarPortal.Core.Acme;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Which names a template allows under a delegation: its literals, and of the delegated names as many as it leaves to the consumer. A delegated name is
/// meant exactly; <c>*.example.org</c> stands for itself and for the names one label below, which its certificate would cover anyway.
/// </summary>
/// <param name="template">What the delegation's requests look like.</param>
/// <param name="delegated">DNS names in lower case, perhaps with a leading <c>*.</c>.</param>
public sealed class TemplateNames(CsrTemplate template, IReadOnlyCollection<string> delegated)
{
    private const string Place = $"{SubjectAltNameRule.Place}.DNS";

    private readonly NameRule rule = template.Names.Dns;

    /// <summary>Names that every order and request has.</summary>
    public IReadOnlyList<string> Required => rule.Literals;

    /// <summary>Delegated names that the consumer may choose from; empty when the template leaves no choice.</summary>
    public IReadOnlyList<string> Choosable => rule.MostChoices == 0 ? [] : [.. delegated.Except(rule.Literals, StringComparer.Ordinal)];

    /// <summary>How many names the consumer has to choose, and how many it may.</summary>
    public (int Least, int Most) Choices => (rule.LeastChoices, rule.MostChoices);

    /// <summary>Literals of the template that the delegation does not cover: for its editor.</summary>
    public IReadOnlyList<string> Undelegated => [.. rule.Literals.Where(name => !Allows(name))];

    /// <summary>Whether a name was delegated: the check that <see cref="CsrTemplateCheck"/> asks for.</summary>
    /// <param name="name">In lower case.</param>
    public bool Allows(string name) => delegated.Contains(name, StringComparer.Ordinal) || delegated.Contains(WildcardOver(name), StringComparer.Ordinal);

    /// <summary>What is wrong with the identifiers of a new order (RFC 9115 2.3.2): the same rules as for the names of the request that comes later.</summary>
    public IReadOnlyList<CsrFinding> Check(IReadOnlyList<AcmeIdentifier> identifiers) =>
    [
        .. identifiers.Where(identifier => identifier.Type is AcmeIdentifierType.Ip).Select(address => new CsrFinding(Place, $"{address.Value} is an address: only names are delegated.")),
        .. rule.Check([.. identifiers.Where(identifier => identifier.Type is AcmeIdentifierType.Dns).Select(identifier => identifier.Value)], Allows),
        .. Undelegated.Select(name => new CsrFinding(Place, $"{name} is in the template and is no longer delegated.", name)),
    ];

    /// <summary>RFC 8555 7.4: the request has exactly the order's identifiers, in subjectAltName or as the common name.</summary>
    public static IReadOnlyList<CsrFinding> Compare(IReadOnlyList<AcmeIdentifier> ordered, SigningRequest request)
    {
        HashSet<string> asked = [.. request.Names.Where(name => name.Type is NameType.Dns).Select(name => name.Value)];
        if (request.Subject.CommonName is { } commonName && IsName(commonName)) asked.Add(commonName.ToLowerInvariant());
        HashSet<string> expected = [.. ordered.Select(identifier => identifier.Value)];
        return
        [
            .. asked.Except(expected, StringComparer.Ordinal).Select(name => new CsrFinding(Place, $"The request has {name}, which the order has not.", name)),
            .. expected.Except(asked, StringComparer.Ordinal).Select(name => new CsrFinding(Place, $"The request lacks {name}, which the order has.", name)),
        ];
    }

    private static bool IsName(string text) => text.Contains('.', StringComparison.Ordinal) && NameSyntax.FindProblem(SubjectAlternativeName.Dns(text.ToLowerInvariant())) is null;

    private static string WildcardOver(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? $"*{name[dot..]}" : name;
}

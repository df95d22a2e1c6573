using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>
/// The names of one kind that a template has, compared with those of a request. Each element of the list is a field by itself (RFC 9115 4.1): a literal
/// has to be there, each <c>**</c> is exactly one name of the consumer's choice, each <c>*</c> one or none.
/// </summary>
/// <param name="Entries">As written; empty when the template has no names of this kind.</param>
public sealed record NameRule(AltNameKind Kind, IReadOnlyList<TemplateValue> Entries)
{
    private string Place => $"{SubjectAltNameRule.Place}.{Kind.Member}";

    /// <summary>DNS names in lower case; the rest as written.</summary>
    public IReadOnlyList<string> Literals { get; } = [.. Entries.Where(entry => entry.IsLiteral).Select(entry => Kind.Fold(entry.Text))];

    public int LeastChoices => Entries.Count(entry => entry.IsMandatoryChoice);

    public int MostChoices => Entries.Count(entry => !entry.IsLiteral);

    /// <param name="asked">What the request has, as it stands there.</param>
    /// <param name="isLegitimate">RFC 9115 4.1: the check on names of the consumer's choice, which get here in lower case and well-formed.</param>
    internal IEnumerable<CsrFinding> Check(IReadOnlyList<string> asked, Func<string, bool> isLegitimate)
    {
        string[] names = [.. asked.Select(Kind.Fold)];
        string[] chosen = [.. names.Except(Literals, StringComparer.Ordinal)];
        foreach (var twice in names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1)) yield return Find($"The request has {JsonPart.Show(twice.Key)} twice.", twice.Key);
        foreach (var missing in Literals.Except(names, StringComparer.Ordinal)) yield return Find($"The request lacks {missing}.", missing);
        if (chosen.Length < LeastChoices) yield return new CsrFinding(Place, $"The request has {chosen.Length} of the {LeastChoices} names that the consumer has to choose.");
        if (chosen.Length > MostChoices && MostChoices > 0) yield return new CsrFinding(Place, $"The request has {chosen.Length} names of the consumer's choice; the template leaves {MostChoices}.");
        foreach (var name in chosen)
        {
            if (FindProblem(name, isLegitimate) is { } problem) yield return Find(problem, name);
        }
    }

    private string? FindProblem(string name, Func<string, bool> isLegitimate)
    {
        if (MostChoices == 0) return $"The request has {JsonPart.Show(name)}, which is not in the template.";
        if (NameSyntax.FindProblem(new SubjectAlternativeName(Kind.Type, name)) is { } problem) return problem;
        return isLegitimate(name) ? null : $"{JsonPart.Show(name)} is not among the names that were delegated.";
    }

    private CsrFinding Find(string text, string name) => new(Place, text, Kind.Type is NameType.Dns ? name : null);
}

/// <summary>A kind of name that templates may have, and its GeneralName (RFC 5280 4.2.1.6).</summary>
/// <param name="Member">In templates.</param>
/// <param name="MayBeChosen">Only DNS names: addresses and URIs are always literals (RFC 9115 appendix A).</param>
public sealed record AltNameKind(string Member, NameType Type, int Tag, bool MayBeChosen)
{
    public static readonly IReadOnlyList<AltNameKind> All = [new("DNS", NameType.Dns, 2, true), new("Email", NameType.Email, 1, false), new("URI", NameType.Uri, 6, false)];

    /// <summary>DNS names are compared without regard to case (RFC 5280 7.2).</summary>
    internal string Fold(string name) => Type is NameType.Dns ? name.ToLowerInvariant() : name;
}

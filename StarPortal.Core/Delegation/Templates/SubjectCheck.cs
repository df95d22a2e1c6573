using System.Security.Cryptography;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>The subject of a request against a template's (RFC 9115 4.1): each field once, in any order, none that the template lacks. Pure.</summary>
internal static class SubjectCheck
{
    private const string Place = "$.subject";

    /// <param name="names">Of subjectAltName: a common name of the consumer's choice has to be one of them, since authorities take it for a name to certify.</param>
    public static IEnumerable<CsrFinding> Find(CsrTemplate template, CsrContent content, IReadOnlyList<SubjectAlternativeName> names)
    {
        if (!content.IsFlat) yield return new(Place, "The request's subject has a part with no or several attributes: write one attribute in each part.");
        foreach (var attribute in content.Subject.Where(attribute => template.Subject.All(rule => rule.Field.Type.Oid != attribute.Oid)))
            yield return new(Place, $"The request's subject has {NameOf(attribute.Oid)}, which the template does not have.");
        foreach (var rule in template.Subject)
        {
            SubjectAttribute[] asked = [.. content.Subject.Where(attribute => attribute.Oid == rule.Field.Type.Oid)];
            if (FindProblem(rule, asked, names) is { } problem) yield return new(rule.Path, problem);
        }
    }

    private static string? FindProblem(SubjectRule rule, SubjectAttribute[] asked, IReadOnlyList<SubjectAlternativeName> names) => asked switch
    {
        [] => rule.Value.IsOptionalChoice ? null : $"The request's subject lacks {rule.Field.Name}{(rule.Value.IsLiteral ? $", which has to be '{rule.Value.Text}'" : "")}.",
        [{ Value: null }] => $"{rule.Field.Name} is not written as a PrintableString or UTF8String.",
        [{ Value: { } value }] => rule.Value.IsLiteral ? FindDifference(rule, value) : FindInChoice(rule.Field, value, names),
        _ => $"The request's subject has {rule.Field.Name} {asked.Length} times.",
    };

    private static string? FindDifference(SubjectRule rule, string value) =>
        value == rule.Value.Text ? null : $"{rule.Field.Name} is '{JsonPart.Show(value)}' in the request and has to be '{rule.Value.Text}'.";

    private static string? FindInChoice(SubjectField field, string value, IReadOnlyList<SubjectAlternativeName> names)
    {
        if (field.FindProblem(value) is { } problem) return problem;
        return field != SubjectField.CommonName || names.Any(name => name.Value.Equals(value, StringComparison.OrdinalIgnoreCase))
            ? null : $"commonName is '{JsonPart.Show(value)}', which is not among the names of the request's subjectAltName.";
    }

    private static string NameOf(string oid) => SubjectField.All.FirstOrDefault(field => field.Type.Oid == oid)?.Name ?? new Oid(oid).FriendlyName ?? oid;
}

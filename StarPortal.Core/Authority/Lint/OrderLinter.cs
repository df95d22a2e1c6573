using System.Buffers;
using System.Text;

namespace StarPortal.Core.Authority;

/// <summary>Whether the names in an order are safe, well-formed and what its profile allows.</summary>
internal static class OrderLinter
{
    /// <summary>Characters of a subject's text form; the database keeps as many.</summary>
    public const int MaxSubjectLength = 800;

    /// <summary>OpenSSL 3 marks the first two in one-line names, older ones do not; a backslash looks like such a mark.</summary>
    private static readonly SearchValues<char> MarkedInOneLine = SearchValues.Create("/+\\");

    public static IEnumerable<Finding> Find(IssuanceOrder order, IssuanceProfile profile) =>
        [.. FindInSubject(order, profile), .. FindInNames(order, profile), .. FindInHost(order, profile)];

    private static IEnumerable<Finding> FindInSubject(IssuanceOrder order, IssuanceProfile profile)
    {
        var subject = order.Subject;
        if (subject.ToString().Length > MaxSubjectLength)
            yield return profile.Find(FindingCodes.NameTooLong, $"The subject is longer than {MaxSubjectLength} characters.", "FullName");
        foreach (var (type, value) in subject.Attributes)
        {
            if (NameRules.FindUnsafe(value) is { } problem) yield return profile.Find(FindingCodes.NameUnsafe, $"The attribute {type.ShortName} {problem}.", "FullName");
            else if (!Ascii.IsValid(value))
                yield return profile.Find(FindingCodes.NameNotAscii, $"The attribute {type.ShortName} holds characters outside ASCII, which grid tools compare wrongly.", "FullName");
        }

        if (profile.Issuer == Issuers.People && subject.Attributes.FirstOrDefault(attribute => attribute.Value.AsSpan().ContainsAny(MarkedInOneLine)) is { } marked)
            yield return profile.Find(FindingCodes.CertificateMyProxy,
                $"The attribute {marked.Type.ShortName} holds a character that grid tools write in different ways ('/', '+' or '\\'), so that MyProxy would not know the name again.", "FullName");

        foreach (var repeated in subject.Attributes.CountBy(attribute => attribute.Type.ShortName).Where(count => count.Value > 1 && count.Key is not ("DC" or "OU")))
            yield return profile.Find(FindingCodes.NameRepeated, $"The subject has {repeated.Value} attributes {repeated.Key}.", "FullName");
        if (subject.IsEmpty && order.Names.Count == 0)
            yield return profile.Find(FindingCodes.NameMissing, "The certificate would have no name at all.", "Names");
    }

    private static IEnumerable<Finding> FindInNames(IssuanceOrder order, IssuanceProfile profile)
    {
        if (order.Names.Count > profile.MaxNames)
            yield return profile.Find(FindingCodes.SanTooMany, $"{order.Names.Count} names were asked for; the profile {profile.Name} has room for {profile.MaxNames}.", "Names");
        foreach (var duplicate in order.Names.CountBy(name => name).Where(count => count.Value > 1))
            yield return profile.Find(FindingCodes.SanDuplicate, $"{duplicate.Key} is listed {duplicate.Value} times.", "Names");

        foreach (var name in order.Names.Distinct())
        {
            if (NameSyntax.FindProblem(name) is { } problem) yield return profile.Find(FindingCodes.SanMalformed, problem, FieldOf(name));
            else if (!profile.Allows(name.Type))
                yield return profile.Find(FindingCodes.SanType, $"{name} was asked for, but the profile {profile.Name} certifies only: {profile.NameTypes}.", "Names");
            else if (name is { Type: NameType.Dns } && name.Value.StartsWith("*.", StringComparison.Ordinal) && !profile.AllowWildcards && !order.NamesAreProven)
                yield return profile.Find(FindingCodes.SanWildcard, $"{name.Value} stands for many hosts, which the profile {profile.Name} does not certify.", "Names");
            else if (name is { Type: NameType.Dns } && !name.Value.Contains('.'))
                yield return profile.Find(FindingCodes.SanSingleLabel, $"{name.Value} has no domain: it means another host in every network.", "Names");
        }
    }

    /// <summary>RFC 9525: clients look at subjectAltName only, so that a server's common name has to be one of them.</summary>
    private static IEnumerable<Finding> FindInHost(IssuanceOrder order, IssuanceProfile profile)
    {
        if (!profile.ExtendedKeyUsageOids.Contains(ExtendedKeyUsages.ServerAuth, StringComparer.Ordinal)) yield break;
        if (!order.Names.Any(name => name.Type is NameType.Dns or NameType.Ip))
            yield return profile.Find(FindingCodes.SanMissing, "A server's certificate needs at least one DNS name or address.", "Names");
        if (order.Subject.CommonName is { } commonName && !order.Names.Any(name => name.Value.Equals(commonName, StringComparison.OrdinalIgnoreCase)))
            yield return profile.Find(FindingCodes.NameCommonNameNotListed, $"The common name {commonName} is not among the names.", "Names");
    }

    private static string FieldOf(SubjectAlternativeName name) => name.Type is NameType.Email ? "Email" : "Names";
}

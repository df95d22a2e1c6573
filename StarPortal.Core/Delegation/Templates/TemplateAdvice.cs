using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>What looks wrong about a well-formed template when its parts are held against each other. Pure.</summary>
internal static class TemplateAdvice
{
    private const string UsagePath = $"{TemplateExtensions.Path}.{KeyUsageRule.Member}";
    private const string PurposePath = $"{TemplateExtensions.Path}.{ExtendedKeyUsageRule.Member}";

    public static IEnumerable<CsrTemplateFinding> On(CsrTemplate template) =>
    [
        .. OnNames(template),
        .. template.Extensions.OfType<KeyUsageRule>().SelectMany(usage => OnUsages(template, usage)),
        .. OnPurposes(template),
    ];

    private static IEnumerable<CsrTemplateFinding> OnNames(CsrTemplate template)
    {
        if (template.Names.Entries.All(entry => entry.IsOptionalChoice)) yield return Warn(SubjectAltNameRule.Place, "Every name is optional: a request without any name would fit. Write \"**\" where the consumer has to choose one.");
        if (template.Subject.FirstOrDefault(rule => rule.Field == SubjectField.CommonName) is not { Value: { IsLiteral: true } commonName }) yield break;
        if (!template.Names.Dns.Literals.Contains(commonName.Text.ToLowerInvariant(), StringComparer.Ordinal))
            yield return Warn("$.subject.commonName", $"'{JsonPart.Show(commonName.Text)}' is not among the DNS names of subjectAltName: most authorities refuse such a request. Write it there too, or leave commonName out.");
    }

    private static IEnumerable<CsrTemplateFinding> OnUsages(CsrTemplate template, KeyUsageRule rule)
    {
        bool Has(string usage) => rule.Usages.Contains(usage, StringComparer.Ordinal);
        var (hasRsa, hasEc) = (template.KeyTypes.Any(key => key.Curve is null), template.KeyTypes.Any(key => key.Curve is not null));
        foreach (var usage in rule.Usages.Where(usage => usage is "keyEncipherment" or "dataEncipherment" && hasEc)) yield return Warn(UsagePath, $"{usage} does not go with ECDSA keys, which only sign: leave it out, or list RSA keys alone.");
        foreach (var usage in rule.Usages.Where(usage => usage is "keyAgreement" && hasRsa)) yield return Warn(UsagePath, $"{usage} does not go with RSA keys: leave it out, or list ECDSA keys alone.");
        if ((Has("encipherOnly") || Has("decipherOnly")) && !Has("keyAgreement")) yield return Warn(UsagePath, "encipherOnly and decipherOnly mean nothing without keyAgreement: leave them out.");
        if (Has("encipherOnly") && Has("decipherOnly")) yield return Warn(UsagePath, "encipherOnly and decipherOnly contradict each other: keep one at most.");
        if (!Has("digitalSignature") && template.Names.Has(NameType.Dns)) yield return Warn(UsagePath, "TLS 1.3 needs digitalSignature: add it.");
    }

    private static IEnumerable<CsrTemplateFinding> OnPurposes(CsrTemplate template)
    {
        if (template.Extensions.OfType<ExtendedKeyUsageRule>().SingleOrDefault() is not { } rule)
        {
            yield return Warn(TemplateExtensions.Path, "There is no extendedKeyUsage, so a request may not have one, which many tools put there by themselves. Write [\"serverAuth\"] for a web server.");
            yield break;
        }

        if (template.Names.Has(NameType.Dns) && !rule.Has("serverAuth")) yield return Warn(PurposePath, "There are DNS names but no serverAuth: the certificate would serve no web server.");
        if (rule.Has("emailProtection") && !template.Names.Has(NameType.Email)) yield return Warn(PurposePath, "emailProtection is of no use without a name of the kind Email.");
    }

    private static CsrTemplateFinding Warn(string path, string text) => new(path, TemplateSeverity.Warning, text);
}

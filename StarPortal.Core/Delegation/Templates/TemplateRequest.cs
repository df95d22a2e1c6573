using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>A new key and the request for it that fits a template: the consumer's side, which needs nothing but the template. Dispose of it: it holds the key.</summary>
public sealed class TemplateRequest : IDisposable
{
    private TemplateRequest(AsymmetricAlgorithm key, byte[] encoded) => (Key, Encoded) = (key, encoded);

    public AsymmetricAlgorithm Key { get; }

    /// <summary>The PKCS#10 request, DER.</summary>
    public byte[] Encoded { get; }

    public string Pem => PemEncoding.WriteString("CERTIFICATE REQUEST", Encoded);

    /// <summary>What the template asks the consumer for and the values lack, and values that it has no place for. Empty: <see cref="Make"/> works.</summary>
    public static IReadOnlyList<CsrFinding> Check(CsrTemplate template, TemplateValues values) =>
    [
        .. template.Subject.SelectMany(rule => CheckField(rule, values)),
        .. values.Subject.Keys.Where(name => template.Subject.All(rule => rule.Field.Name != name)).Select(name => new CsrFinding("$.subject", $"The template has no {JsonPart.Show(name)} to give a value to.")),
        .. template.Extensions.SelectMany(extension => extension.Check(values)),
        .. CheckCommonName(template, values),
    ];

    /// <summary>Makes the request and, where there is none yet, the key: of the first type that the template has.</summary>
    /// <param name="key">What to certify, which belongs to the request from now on; null: a new one.</param>
    /// <exception cref="Shared.ServiceException">Invalid: the values do not fit, see <see cref="Check"/>, or the key does not.</exception>
    public static TemplateRequest Make(CsrTemplate template, TemplateValues values, AsymmetricAlgorithm? key = null)
    {
        if (Check(template, values) is [_, ..] problems) throw TemplateErrors.ValuesDoNotFit(problems);
        var subject = new X500DistinguishedName(DistinguishedName.Of(template.Subject.SelectMany(rule => PartOf(rule, values))).Encoded);
        var keyType = key is null ? template.KeyTypes[0] : TypeOf(template, PublicKeyFacts.Parse(key.ExportSubjectPublicKeyInfo()));
        key ??= keyType.MakeKey();
        var request = RequestOf(subject, key, keyType.Signature);
        foreach (var extension in template.Extensions)
        {
            if (extension.Build(values) is { } built) request.CertificateExtensions.Add(built);
        }

        return new(key, request.CreateSigningRequest());
    }

    public void Dispose() => Key.Dispose();

    private static TemplateKeyType TypeOf(CsrTemplate template, PublicKeyFacts facts) =>
        template.KeyTypes.FirstOrDefault(type => type.Allows(facts)) ?? throw TemplateErrors.KeyDoesNotFit(facts.Description, template.KeyTypes.Select(type => type.Description));

    private static CertificateRequest RequestOf(X500DistinguishedName subject, AsymmetricAlgorithm key, TemplateSignature signature) => key is RSA rsa
        ? new(subject, rsa, signature.Hash, signature.IsPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
        : new(subject, (ECDsa)key, signature.Hash);

    private static IEnumerable<NamePart> PartOf(SubjectRule rule, TemplateValues values)
    {
        if (rule.Value.IsLiteral) yield return new(rule.Field.Type, rule.Value.Text);
        else if (values.Subject.TryGetValue(rule.Field.Name, out var chosen)) yield return new(rule.Field.Type, chosen);
    }

    private static IEnumerable<CsrFinding> CheckField(SubjectRule rule, TemplateValues values)
    {
        var isGiven = values.Subject.TryGetValue(rule.Field.Name, out var value);
        if (rule.Value.IsLiteral && isGiven && value != rule.Value.Text) yield return new(rule.Path, $"The template says '{rule.Value.Text}' here: no other value fits.");
        if (rule.Value.IsMandatoryChoice && !isGiven) yield return new(rule.Path, $"A value for {rule.Field.Name} is missing.");
        if (!rule.Value.IsLiteral && isGiven && rule.Field.FindProblem(value!) is { } problem) yield return new(rule.Path, problem);
    }

    private static IEnumerable<CsrFinding> CheckCommonName(CsrTemplate template, TemplateValues values)
    {
        var rule = template.Subject.FirstOrDefault(rule => rule.Field == SubjectField.CommonName);
        if (rule is null || rule.Value.IsLiteral || !values.Subject.TryGetValue(rule.Field.Name, out var value)) yield break;
        if (!template.Names.Dns.Literals.Concat(values.DnsNames).Contains(value, StringComparer.OrdinalIgnoreCase)) yield return new(rule.Path, "commonName has to be one of the DNS names.");
    }
}

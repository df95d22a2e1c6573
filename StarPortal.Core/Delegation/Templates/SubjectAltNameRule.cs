using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>subjectAltName (RFC 5280 4.2.1.6): DNS names, e-mail addresses and URIs; a request has no other kind of name.</summary>
public sealed class SubjectAltNameRule : ITemplateExtension
{
    internal const string Member = "subjectAltName";
    internal const string Place = $"{TemplateExtensions.Path}.{Member}";

    /// <summary>GeneralName's CHOICE, by tag.</summary>
    private static readonly string[] Tags = ["otherName", "rfc822Name", "dNSName", "x400Address", "directoryName", "ediPartyName", "uniformResourceIdentifier", "iPAddress", "registeredID"];

    private readonly IReadOnlyList<NameRule> rules;

    private SubjectAltNameRule(IReadOnlyList<NameRule> rules) => this.rules = rules;

    public string Name => Member;

    public string Oid => "2.5.29.17";

    public NameRule Dns => RuleOf(AltNameKind.All[0]);

    internal IEnumerable<TemplateValue> Entries => rules.SelectMany(rule => rule.Entries);

    internal static SubjectAltNameRule? Read(JsonPart part) => SubjectAltNameReader.Read(part) is { } rules ? new(rules) : null;

    public bool Has(NameType type) => rules.Any(rule => rule.Kind.Type == type);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var rule in rules)
        {
            writer.WriteStartArray(rule.Kind.Member);
            foreach (var entry in rule.Entries) writer.WriteStringValue(entry.Text);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    public IEnumerable<CsrFinding> Check(ReadOnlyMemory<byte>? value, Func<string, bool> isLegitimate)
    {
        var names = value is null ? [] : Decode(value.Value);
        if (value is not null && names.Count == 0) yield return new CsrFinding(Place, "The request's subjectAltName has no names in it.");
        foreach (var (tag, _) in names.Where(name => AltNameKind.All.All(kind => kind.Tag != name.Tag)))
            yield return new CsrFinding(Place, $"The request has a name of the kind {(tag < Tags.Length ? Tags[tag] : "that is unknown")}, which no template can allow.");
        foreach (var rule in AltNameKind.All.Select(RuleOf))
        {
            foreach (var finding in rule.Check([.. names.Where(name => name.Tag == rule.Kind.Tag).Select(name => name.Text)], isLegitimate)) yield return finding;
        }
    }

    /// <summary>Which names are legitimate the consumer need not know: the owner checks.</summary>
    public IEnumerable<CsrFinding> Check(TemplateValues values) => Dns.Check(NamesOf(values), _ => true);

    public X509Extension? Build(TemplateValues values)
    {
        SubjectAlternativeName[] others = [.. rules.Where(rule => rule.Kind.Type is not NameType.Dns).SelectMany(rule => rule.Literals.Select(name => new SubjectAlternativeName(rule.Kind.Type, name)))];
        SubjectAlternativeName[] names = [.. NamesOf(values).Select(SubjectAlternativeName.Dns), .. others];
        return names.Length == 0 ? null : new X509Extension(Oid, GeneralNames.Encode(names), critical: false);
    }

    /// <summary>Whoever repeats a literal among its choices means the same name.</summary>
    private string[] NamesOf(TemplateValues values) => [.. Dns.Literals.Union(values.DnsNames.Select(name => name.ToLowerInvariant()), StringComparer.Ordinal)];

    private NameRule RuleOf(AltNameKind kind) => rules.FirstOrDefault(rule => rule.Kind == kind) ?? new NameRule(kind, []);

    private static List<(int Tag, string Text)> Decode(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        List<(int Tag, string Text)> names = [];
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            if (tag.TagClass is not TagClass.ContextSpecific) throw new AsnContentException("A GeneralName has a tag of its own.");
            names.Add((tag.TagValue, ReadText(sequence, tag)));
        }

        return names;
    }

    private static string ReadText(AsnReader reader, Asn1Tag tag)
    {
        if (AltNameKind.All.Any(kind => kind.Tag == tag.TagValue)) return reader.ReadCharacterString(UniversalTagNumber.IA5String, tag);
        reader.ReadEncodedValue();
        return "";
    }
}

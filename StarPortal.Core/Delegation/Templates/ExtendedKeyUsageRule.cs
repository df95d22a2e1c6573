using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>extendedKeyUsage (RFC 5280 4.2.1.12): a request has exactly these purposes, in any order. All are literals, so each is mandatory.</summary>
public sealed partial class ExtendedKeyUsageRule : ITemplateExtension
{
    internal const string Member = "extendedKeyUsage";
    private const string Place = $"{TemplateExtensions.Path}.{Member}";
    private const string AnyPurpose = "2.5.29.37.0";
    private const int MaxOidLength = 100;

    private static readonly string[] Names = ["serverAuth", "clientAuth", "codeSigning", "emailProtection", "timeStamping", "OCSPSigning"];

    private ExtendedKeyUsageRule(IReadOnlyList<string> usages) => Usages = usages;

    /// <summary>As written: names, or OIDs with dots.</summary>
    public IReadOnlyList<string> Usages { get; }

    public string Name => Member;

    public string Oid => "2.5.29.37";

    internal static ExtendedKeyUsageRule? Read(JsonPart part)
    {
        Dictionary<string, string> usages = new(StringComparer.Ordinal);
        foreach (var item in part.ReadItems() ?? [])
        {
            if (item.ReadText() is not { } usage || !IsKnown(item, usage)) continue;
            if (!usages.TryAdd(OidOf(usage), usage)) item.Warn($"{usage} stands in the list twice.");
            else WarnOf(item, OidOf(usage));
        }

        return usages.Count == 0 ? null : new ExtendedKeyUsageRule([.. usages.Values]);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var usage in Usages) writer.WriteStringValue(usage);
        writer.WriteEndArray();
    }

    public bool Has(string name) => Usages.Any(usage => OidOf(usage) == OidOf(name));

    public IEnumerable<CsrFinding> Check(ReadOnlyMemory<byte>? value, Func<string, bool> isLegitimate)
    {
        if (value is null) return [new CsrFinding(Place, $"The request lacks extendedKeyUsage: {string.Join(", ", Usages)}.")];
        var asked = Decode(value.Value);
        string[] wanted = [.. Usages.Select(OidOf)];
        return
        [
            .. wanted.Except(asked, StringComparer.Ordinal).Select(oid => new CsrFinding(Place, $"The request lacks the extended key usage {NameOf(oid)}.")),
            .. asked.Except(wanted, StringComparer.Ordinal).Select(oid => new CsrFinding(Place, $"The request asks for the extended key usage {NameOf(oid)}, which the template does not have.")),
            .. asked.Distinct(StringComparer.Ordinal).Count() < asked.Count ? [new CsrFinding(Place, "The request has an extended key usage twice.")] : Array.Empty<CsrFinding>(),
        ];
    }

    public IEnumerable<CsrFinding> Check(TemplateValues values) => [];

    public X509Extension Build(TemplateValues values) => new X509EnhancedKeyUsageExtension([.. Usages.Select(usage => new Oid(OidOf(usage)))], critical: false);

    private static bool IsKnown(JsonPart item, string usage)
    {
        if (Names.Contains(usage, StringComparer.Ordinal)) return true;
        if (!IsOid(usage))
        {
            item.ReadWord([.. Names, "an OID such as 1.3.6.1.5.5.7.3.17"]);
            return false;
        }

        return true;
    }

    /// <summary>Appendix A's oid, and more than one arc (X.660: below the roots 0 and 1 the second is less than 40), or it can't be encoded.</summary>
    private static bool IsOid(string text) =>
        text.Length <= MaxOidLength && OidSyntax().IsMatch(text) && (text[0] == '2' || text.Split('.')[1] is [_] or ['1' or '2' or '3', _]);

    private static void WarnOf(JsonPart item, string oid)
    {
        if (oid == AnyPurpose) item.Warn("anyExtendedKeyUsage lets the certificate be used for everything: list the purposes.");
        if (oid == ExtendedKeyUsages.OcspSigning) item.Warn("OCSPSigning is for certificate authorities: it would let the consumer speak for them.");
    }

    private static List<string> Decode(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        List<string> asked = [];
        while (sequence.HasData) asked.Add(sequence.ReadObjectIdentifier());
        return asked;
    }

    /// <summary>Names are exact here; what <see cref="ExtendedKeyUsages"/> does not know is an OID.</summary>
    private static string OidOf(string usage) => Names.Contains(usage, StringComparer.Ordinal) ? ExtendedKeyUsages.OidOf(usage) : usage;

    private static string NameOf(string oid) => Names.FirstOrDefault(name => OidOf(name) == oid) ?? oid;

    [GeneratedRegex(@"\A[0-2](\.(0|[1-9][0-9]*))+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OidSyntax();
}

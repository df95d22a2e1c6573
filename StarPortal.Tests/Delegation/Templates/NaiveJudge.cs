using System.Text;
using System.Text.Json;

namespace StarPortal.Tests.Delegation;

/// <summary>
/// RFC 9115 section 4.1 once more, straight from its text: template as JSON, request as octets, answer yes or no. It shares no code with the check that
/// it judges, and knows well-formed input only. The signature is not its business.
/// </summary>
internal sealed class NaiveJudge(JsonElement template, byte[] request, Func<string, bool> isLegitimate)
{
    private static readonly Dictionary<string, string> SubjectOids = new(StringComparer.Ordinal)
    {
        ["country"] = "550406", ["stateOrProvince"] = "550408", ["locality"] = "550407", ["organization"] = "55040a", ["organizationalUnit"] = "55040b",
        ["emailAddress"] = "2a864886f70d010901", ["commonName"] = "550403",
    };

    private static readonly string[] UsageBits =
        ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"];

    private static readonly Dictionary<string, string> PurposeOids = new(StringComparer.Ordinal)
    {
        ["serverAuth"] = "2b06010505070301", ["clientAuth"] = "2b06010505070302", ["codeSigning"] = "2b06010505070303", ["emailProtection"] = "2b06010505070304",
        ["timeStamping"] = "2b06010505070308", ["OCSPSigning"] = "2b06010505070309", ["1.3.6.1.5.5.7.3.17"] = "2b06010505070311", ["2.999"] = "8837",
    };

    private readonly IReadOnlyList<NaiveDer> info = NaiveDer.Read(request).Children[0].Children;

    public bool Allows() => KeyIsAllowed() && AttributesAreAllowed() && SubjectIsAllowed() && ExtensionsAreAllowed();

    /// <summary>"the SubjectPublicKeyInfo field of the CSR, which MUST have the type/size defined by one of the array members"</summary>
    private bool KeyIsAllowed()
    {
        var (algorithm, key) = (info[2].Children[0].Children, info[2].Children[1].Content[1..]);
        return template.GetProperty("keyTypes").EnumerateArray().Any(type => type.GetProperty("PublicKeyType").GetString() switch
        {
            "rsaEncryption" => algorithm[0].Hex == "2a864886f70d010101" && BitsOf(NaiveDer.Read(key).Children[0].Content) == type.GetProperty("PublicKeyLength").GetInt32(),
            _ => algorithm[0].Hex == "2a8648ce3d0201" && algorithm[1].Hex == type.GetProperty("namedCurve").GetString() switch { "secp256r1" => "2a8648ce3d030107", "secp384r1" => "2b81040022", _ => "2b81040023" },
        });
    }

    private static int BitsOf(byte[] number)
    {
        var first = Array.FindIndex(number, octet => octet != 0);
        return (number.Length - first - 1) * 8 + Convert.ToString(number[first], 2).Length;
    }

    /// <summary>"The NDC MUST NOT include any fields in the CSR, including any extensions, unless they are specified in the template."</summary>
    private bool AttributesAreAllowed() => info.Count == 3 || (info[3].Children.Count <= 1 && info[3].Children.All(attribute => attribute.Children[0].Hex == "2a864886f70d01090e"));

    private bool SubjectIsAllowed()
    {
        var rdns = info[1].Children;
        if (rdns.Any(rdn => rdn.Children.Count != 1)) return false;
        List<(string Oid, string Value)> asked = [.. rdns.Select(rdn => rdn.Children[0].Children).Select(part => (part[0].Hex, Encoding.UTF8.GetString(part[1].Content)))];
        Dictionary<string, string> rules = new(StringComparer.Ordinal);
        if (template.TryGetProperty("subject", out var subject))
        {
            foreach (var rule in subject.EnumerateObject()) rules[SubjectOids[rule.Name]] = rule.Value.GetString()!;
        }

        if (asked.Any(part => !rules.ContainsKey(part.Oid)) || asked.Select(part => part.Oid).Distinct(StringComparer.Ordinal).Count() < asked.Count) return false;
        return rules.All(rule =>
        {
            var value = asked.Where(part => part.Oid == rule.Key).Select(part => part.Value).FirstOrDefault();
            return rule.Value switch
            {
                "*" => value is null || IsFineChoice(rule.Key, value),
                "**" => value is not null && IsFineChoice(rule.Key, value),
                _ => value == rule.Value,
            };
        });
    }

    /// <summary>The house's own rules on what a consumer chooses: no empty values, countries of two letters, a common name that is one of the names.</summary>
    private bool IsFineChoice(string oid, string value) => oid switch
    {
        "550406" => value.Length == 2,
        "550403" => ExtensionValues("551d11").SelectMany(NamesIn).Any(name => name.Text.Equals(value, StringComparison.OrdinalIgnoreCase)),
        _ => value.Length > 0,
    };

    private bool ExtensionsAreAllowed()
    {
        string[] oids = [.. Extensions().Select(extension => extension.Children[0].Hex)];
        var rules = template.GetProperty("extensions");
        string[] known = [.. rules.EnumerateObject().Select(rule => rule.Name switch { "keyUsage" => "551d0f", "extendedKeyUsage" => "551d25", _ => "551d11" })];
        return oids.Distinct(StringComparer.Ordinal).Count() == oids.Length && oids.All(oid => known.Contains(oid, StringComparer.Ordinal)) && NamesAreAllowed(rules.GetProperty("subjectAltName"))
            && (!rules.TryGetProperty("keyUsage", out var usage) || UsageIsAllowed(usage)) && (!rules.TryGetProperty("extendedKeyUsage", out var purposes) || PurposesAreAllowed(purposes));
    }

    private IEnumerable<NaiveDer> Extensions() => info.Count == 3 ? [] : info[3].Children.SelectMany(attribute => attribute.Children[1].Children.SelectMany(value => value.Children));

    private IEnumerable<byte[]> ExtensionValues(string oid) => Extensions().Where(extension => extension.Children[0].Hex == oid).Select(extension => extension.Children[^1].Content);

    private static IEnumerable<(int Tag, string Text)> NamesIn(byte[] value) => NaiveDer.Read(value).Children.Select(name => (name.Tag & 0x1f, Encoding.Latin1.GetString(name.Content)));

    private bool NamesAreAllowed(JsonElement rules)
    {
        if (ExtensionValues("551d11").Any(value => NaiveDer.Read(value).Children.Count == 0)) return false;
        List<(int Tag, string Text)> names = [.. ExtensionValues("551d11").SelectMany(NamesIn)];
        return names.All(name => name.Tag is 1 or 2 or 6) && KindIsAllowed(rules, "Email", [.. names.Where(name => name.Tag == 1).Select(name => name.Text)])
            && KindIsAllowed(rules, "DNS", [.. names.Where(name => name.Tag == 2).Select(name => name.Text.ToUpperInvariant())]) && KindIsAllowed(rules, "URI", [.. names.Where(name => name.Tag == 6).Select(name => name.Text)]);
    }

    /// <summary>Takes the names away one by one, literals first, then what each wildcard may stand for: nothing may be left, nothing may lack.</summary>
    private bool KindIsAllowed(JsonElement rules, string kind, List<string> names)
    {
        List<string> entries = rules.TryGetProperty(kind, out var list) ? [.. list.EnumerateArray().Select(entry => entry.GetString()!)] : [];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) return false;
        foreach (var literal in entries.Where(entry => entry is not "*" and not "**"))
        {
            if (!names.Remove(kind == "DNS" ? literal.ToUpperInvariant() : literal)) return false;
        }

        foreach (var wildcard in entries.Where(entry => entry is "*" or "**").OrderByDescending(entry => entry.Length))
        {
            if (names.Count == 0 && wildcard == "**") return false;
            if (names.Count == 0) continue;
            if (!isLegitimate(names[0].ToLowerInvariant())) return false;
            names.RemoveAt(0);
        }

        return names.Count == 0;
    }

    private bool UsageIsAllowed(JsonElement rules)
    {
        if (ExtensionValues("551d0f").FirstOrDefault() is not { } value) return false;
        var octets = NaiveDer.Read(value).Content[1..];
        var wanted = rules.EnumerateArray().Select(rule => Array.IndexOf(UsageBits, rule.GetString())).ToHashSet();
        return Enumerable.Range(0, 16).All(bit => wanted.Contains(bit) == (bit / 8 < octets.Length && (octets[bit / 8] >> (7 - bit % 8) & 1) == 1));
    }

    private bool PurposesAreAllowed(JsonElement rules)
    {
        if (ExtensionValues("551d25").FirstOrDefault() is not { } value) return false;
        string[] asked = [.. NaiveDer.Read(value).Children.Select(purpose => purpose.Hex)];
        return asked.Order(StringComparer.Ordinal).SequenceEqual(rules.EnumerateArray().Select(rule => PurposeOids[rule.GetString()!]).Order(StringComparer.Ordinal));
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Templates as they come, and requests that fit them, or nearly.</summary>
internal sealed class RandomTemplates(SeededNumbers numbers)
{
    public static readonly string[] Legitimate = ["a.example", "b.example", "www.a.example", "*.b.example"];

    private static readonly string[] Names = [.. Legitimate, "evil.example", "A.example"];
    private static readonly string[] Usages = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"];
    private static readonly string[] Purposes = ["serverAuth", "clientAuth", "codeSigning", "emailProtection", "timeStamping", "OCSPSigning", "1.3.6.1.5.5.7.3.17", "2.999"];
    private static readonly string[] PurposeOids = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.17", "2.999"];
    private static readonly AsymmetricAlgorithm[] Keys = [MadeRequest.P256, MadeRequest.P384, MadeRequest.P521, MadeRequest.Rsa2048, MadeRequest.Rsa3072];

    private static readonly (string Text, AsymmetricAlgorithm Key)[] KeyTypes =
    [
        (SampleTemplates.P256, MadeRequest.P256), ("""{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp384r1","SignatureType":"ecdsa-with-SHA384"}""", MadeRequest.P384),
        ("""{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp521r1","SignatureType":"ecdsa-with-SHA512"}""", MadeRequest.P521), (SampleTemplates.Rsa, MadeRequest.Rsa2048),
        ("""{"PublicKeyType":"rsaEncryption","PublicKeyLength":3072,"SignatureType":"sha256WithRSAandMGF1"}""", MadeRequest.Rsa3072),
    ];

    /// <summary>A template's JSON.</summary>
    public string NextTemplate()
    {
        var extensions = new Dictionary<string, object>(StringComparer.Ordinal) { ["subjectAltName"] = NextNames() };
        if (Chance(3)) extensions["keyUsage"] = Some(Usages);
        if (Chance(3)) extensions["extendedKeyUsage"] = Some(Purposes);
        var template = new Dictionary<string, object>(StringComparer.Ordinal) { ["keyTypes"] = Some(KeyTypes).Select(type => JsonSerializer.Deserialize<JsonElement>(type.Text)), ["extensions"] = extensions };
        if (Chance(2)) template["subject"] = Some(SubjectField.All).ToDictionary(field => field.Name, NextValue, StringComparer.Ordinal);
        return JsonSerializer.Serialize(template);
    }

    /// <summary>A request that fits, with up to two changes.</summary>
    public MadeRequest NextRequest(CsrTemplate template)
    {
        var request = Fit(template);
        for (var changes = numbers.Below(3); changes > 0; changes--) Change(request);
        return request;
    }

    private MadeRequest Fit(CsrTemplate template)
    {
        var names = FitNames(template);
        List<(string, bool?, byte[])> extensions = names.Length > 0 ? [(MadeRequest.AltNames, null, MadeRequest.Names(names))] : [];
        if (template.Extensions.OfType<KeyUsageRule>().SingleOrDefault() is { } usage) extensions.Add((MadeRequest.KeyUsage, true, MadeRequest.Usage([.. usage.Usages.Select(one => Array.IndexOf(Usages, one))])));
        if (template.Extensions.OfType<ExtendedKeyUsageRule>().SingleOrDefault() is { } purposes) extensions.Add((MadeRequest.Purposes, null, MadeRequest.Oids([.. purposes.Usages.Select(OidOf)])));
        var keyType = numbers.Pick(template.KeyTypes);
        return new()
        {
            Key = KeyTypes.Single(type => type.Text.Contains(keyType.Curve?.Name ?? $":{keyType.Bits},", StringComparison.Ordinal)).Key,
            Extensions = extensions,
            Subject = [.. template.Subject.Where(rule => !rule.Value.IsOptionalChoice || Chance(2)).Select(rule => new[] { Part(rule.Field, FitValue(rule, names)) })],
        };
    }

    private (int Tag, string Value)[] FitNames(CsrTemplate template)
    {
        var dns = template.Names.Dns;
        string[] free = [.. Legitimate.Except(dns.Literals, StringComparer.Ordinal)];
        var tooMany = Chance(8) ? 0 : 1;
        var chosen = free.Take(dns.LeastChoices + numbers.Below(dns.MostChoices - dns.LeastChoices + 1) + tooMany);
        using var json = JsonDocument.Parse(template.ToJson());
        var rules = json.RootElement.GetProperty("extensions").GetProperty("subjectAltName");
        return [.. dns.Literals.Concat(chosen).Select(name => (2, name)), .. Literals(rules, "Email", 1), .. Literals(rules, "URI", 6)];
    }

    private static List<(int Tag, string Value)> Literals(JsonElement rules, string kind, int tag) => rules.TryGetProperty(kind, out var list) ? [.. list.EnumerateArray().Select(name => (tag, name.GetString()!))] : [];

    private static string FitValue(SubjectRule rule, (int Tag, string Value)[] names) => rule.Value.IsLiteral ? rule.Value.Text : rule.Field.Name switch
    {
        "country" => "CH",
        "emailAddress" => "b@a.example",
        "commonName" => names is [var (_, first), ..] ? first.ToUpperInvariant() : "none.example",
        _ => "Zürich",
    };

    private void Change(MadeRequest request)
    {
        switch (numbers.Below(12))
        {
            case 0: request.Key = numbers.Pick(Keys); break;
            case 1: request.Subject = [.. request.Subject.AsEnumerable().Reverse()]; break;
            case 2: request.Subject.Add([Part(numbers.Pick(SubjectField.All), Chance(2) ? "CA" : "")]); break;
            case 3: if (request.Subject.Count > 0) request.Subject.RemoveAt(numbers.Below(request.Subject.Count)); break;
            case 4: request.Subject.Insert(0, Chance(2) ? [] : [Part(SubjectField.All[0], "CH"), Part(SubjectField.All[2], "Bern")]); break;
            case 5: if (request.Extensions.Count > 0) request.Extensions.RemoveAt(numbers.Below(request.Extensions.Count)); break;
            case 6: request.With(MadeRequest.AltNames, MadeRequest.Names([.. Some(Names).Select(name => (Chance(6) ? 2 : numbers.Below(9), name))])); break;
            case 7: request.With(MadeRequest.KeyUsage, MadeRequest.Usage([.. Some([0, 1, 2, 4, 8, 9])])); break;
            case 8: request.With(MadeRequest.Purposes, MadeRequest.Oids([.. Some(PurposeOids)])); break;
            case 9: request.With(numbers.Pick(["2.5.29.19", "2.5.29.14", "2.5.29.32"]), [0x30, 0x00]); break;
            case 10: request.ExtensionRequests = numbers.Below(3); break;
            default: request.Attributes.Add((numbers.Pick(["1.2.840.113549.1.9.7", "1.2.840.113549.1.9.2"]), [0x0c, 0x01, 0x78])); break;
        }
    }

    private Dictionary<string, string[]> NextNames()
    {
        string[] dns = [.. Some(Legitimate).Take(2), .. Enumerable.Range(0, numbers.Below(3)).Select(_ => Chance(2) ? "*" : "**")];
        var names = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["DNS"] = dns };
        if (!Chance(5)) names["Email"] = ["a@a.example"];
        if (!Chance(5)) names["URI"] = ["sip:a@a.example"];
        return names;
    }

    private string NextValue(SubjectField field) => numbers.Below(3) switch
    {
        0 => "*",
        1 => "**",
        _ => field.Name switch { "country" => "CA", "emailAddress" => "a@a.example", "commonName" => "a.example", _ => "Bern" },
    };

    private static (string, UniversalTagNumber, string) Part(SubjectField field, string value) => (field.Type.Oid, UniversalTagNumber.UTF8String, value);

    private static string OidOf(string purpose) => PurposeOids[Array.IndexOf(Purposes, purpose)];

    /// <summary>At least one, each once.</summary>
    private List<T> Some<T>(IReadOnlyList<T> all)
    {
        var kept = numbers.Below(all.Count);
        return [.. all.Where((_, index) => index == kept || Chance(all.Count) is false)];
    }

    /// <summary>True in all but one of so many cases.</summary>
    private bool Chance(int of) => numbers.Below(of) != 0;
}

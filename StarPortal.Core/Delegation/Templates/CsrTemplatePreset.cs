using System.Text.Json;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>A template for a common purpose, to be filled with names: where an editor starts.</summary>
/// <param name="Key">Stable, for forms.</param>
/// <param name="Title">For people.</param>
/// <param name="Text">When to take it, in a sentence.</param>
public sealed record CsrTemplatePreset(string Key, string Title, string Text)
{
    private const string P256 = """{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp256r1","SignatureType":"ecdsa-with-SHA256"}""";
    private const string P384 = """{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp384r1","SignatureType":"ecdsa-with-SHA384"}""";
    private const string Rsa2048 = """{"PublicKeyType":"rsaEncryption","PublicKeyLength":2048,"SignatureType":"sha256WithRSAEncryption"}""";
    private const string Rsa3072 = """{"PublicKeyType":"rsaEncryption","PublicKeyLength":3072,"SignatureType":"sha256WithRSAEncryption"}""";

    public static readonly IReadOnlyList<CsrTemplatePreset> All =
    [
        new("web-ecdsa", "Web server, ECDSA P-256", "Small and fast, and understood by every browser of today.") { KeyTypes = P256 },
        new("web-any", "Web server, ECDSA P-256 or RSA 2048", "The consumer takes the key that its servers support.") { KeyTypes = $"{P256},{Rsa2048}" },
        new("web-rsa", "Web server, RSA 2048 or 3072", "For clients that do not know ECDSA.") { KeyTypes = $"{Rsa2048},{Rsa3072}", Usages = ["digitalSignature", "keyEncipherment"] },
        new("web-strong", "Web server, ECDSA P-384", "Where a rule asks for 192 bits of security.") { KeyTypes = P384 },
        new("wildcard", "Wildcard name, ECDSA P-256", "Each name, and every name one label below it.") { KeyTypes = P256, Widen = name => name.StartsWith("*.", StringComparison.Ordinal) ? [name] : [name, $"*.{name}"] },
        new("choice", "The consumer chooses among the names", "One of the delegated names at least; the consumer says which.") { KeyTypes = $"{P256},{Rsa2048}", AreChosen = true },
        new("mutual", "Web server that is a client too, ECDSA P-256", "For servers that also authenticate to others with the certificate.") { KeyTypes = P256, Purposes = ["serverAuth", "clientAuth"] },
    ];

    /// <summary>What most servers want.</summary>
    public static CsrTemplatePreset Web => All[0];

    private string KeyTypes { get; init; } = "";

    private string[] Usages { get; init; } = ["digitalSignature"];

    private string[] Purposes { get; init; } = ["serverAuth"];

    /// <summary>The names are not written down: as many are left to the consumer as there are.</summary>
    private bool AreChosen { get; init; }

    private Func<string, string[]> Widen { get; init; } = name => [name];

    /// <param name="names">DNS names, in any case.</param>
    /// <exception cref="Shared.ServiceException">Invalid: no name, or something that is none.</exception>
    public CsrTemplate Fill(IReadOnlyList<string> names)
    {
        if (names.Count == 0) throw TemplateErrors.NoNames();
        string[] lower = [.. names.Select(name => name.ToLowerInvariant())];
        foreach (var name in lower) Require(name);
        string[] widened = [.. lower.SelectMany(Widen).Distinct(StringComparer.Ordinal)];
        string[] entries = AreChosen ? ["**", .. widened.Skip(1).Select(_ => "*")] : widened;
        return CsrTemplate.Parse($$"""
            { "keyTypes": [{{KeyTypes}}], "extensions": { "subjectAltName": { "DNS": {{ToJson(entries)}} }, "keyUsage": {{ToJson(Usages)}}, "extendedKeyUsage": {{ToJson(Purposes)}} } }
            """);
    }

    private static string ToJson(string[] texts) => JsonSerializer.Serialize(texts);

    private static void Require(string name)
    {
        if (NameSyntax.FindProblem(SubjectAlternativeName.Dns(name)) is { } problem) throw TemplateErrors.BadName(problem);
    }
}

using System.Text;
using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>Reads a template strictly (RFC 9115 appendix A) and says everything that is wrong with it or looks wrong. Pure; never throws.</summary>
public static class CsrTemplateReader
{
    /// <summary>Characters of the JSON.</summary>
    public const int MaxLength = 16 * 1024;

    private const int MaxDepth = 8;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string[] Members = ["keyTypes", "subject", "extensions"];

    public static CsrTemplateReading Read(string json)
    {
        if (json.Length > MaxLength) return Refuse($"A template has at most {MaxLength / 1024} KiB.");
        try
        {
            using var document = JsonDocument.Parse(StrictUtf8.GetBytes(json), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            return Refuse($"This is not JSON: something is wrong at line {broken.LineNumber + 1}, character {broken.BytePositionInLine + 1}. Look for a missing comma, quotation mark or bracket there.");
        }
        catch (EncoderFallbackException)
        {
            return Refuse("This text has half of a surrogate pair in it.");
        }
    }

    private static CsrTemplateReading Read(JsonElement root)
    {
        List<CsrTemplateFinding> findings = [];
        var template = Read(new JsonPart(root, "$", findings));
        if (findings.Any(finding => finding.Severity is TemplateSeverity.Error)) return new(null, findings);
        return new(template, [.. findings, .. TemplateAdvice.On(template!)]);
    }

    private static CsrTemplate? Read(JsonPart root)
    {
        if (root.ReadMembers(Members) is not { } members) return null;
        if (!members.TryGetValue("keyTypes", out var keyTypes)) root.Error("keyTypes is missing: list the kinds of keys that may be certified.");
        if (!members.TryGetValue("extensions", out var extensions)) root.Error("extensions is missing: it says at least which names are certified (subjectAltName).");
        return new CsrTemplate(
            keyTypes is null ? [] : KeyTypeReader.Read(keyTypes),
            members.TryGetValue("subject", out var subject) ? SubjectReader.Read(subject) : [],
            extensions is null ? [] : TemplateExtensions.Read(extensions));
    }

    private static CsrTemplateReading Refuse(string text) => new(null, [new("$", TemplateSeverity.Error, text)]);
}

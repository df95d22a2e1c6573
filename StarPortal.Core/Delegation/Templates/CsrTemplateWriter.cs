using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace StarPortal.Core.Delegation;

/// <summary>Writes a template's canonical JSON.</summary>
internal static class CsrTemplateWriter
{
    public static string Write(CsrTemplate template, bool indented)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) }))
        {
            Write(writer, template);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, CsrTemplate template)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keyTypes");
        foreach (var keyType in template.KeyTypes) Write(writer, keyType);
        writer.WriteEndArray();
        if (template.Subject.Count > 0) WriteSubject(writer, template.Subject);
        writer.WriteStartObject("extensions");
        foreach (var extension in template.Extensions)
        {
            writer.WritePropertyName(extension.Name);
            extension.Write(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, TemplateKeyType keyType)
    {
        writer.WriteStartObject();
        writer.WriteString("PublicKeyType", keyType.PublicKeyType);
        if (keyType.Curve is { } curve) writer.WriteString("namedCurve", curve.Name);
        else writer.WriteNumber("PublicKeyLength", keyType.Bits);
        writer.WriteString("SignatureType", keyType.Signature.Name);
        writer.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter writer, IReadOnlyList<SubjectRule> subject)
    {
        writer.WriteStartObject("subject");
        foreach (var (field, value) in subject) writer.WriteString(field.Name, value.Text);
        writer.WriteEndObject();
    }
}

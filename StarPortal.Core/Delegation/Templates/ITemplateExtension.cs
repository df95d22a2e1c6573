using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>
/// An extension of a template, with what was written for it. RFC 9115 6.5 keeps a registry of them: another one is a class with this interface and a line
/// in <see cref="TemplateExtensions"/>.
/// </summary>
public interface ITemplateExtension
{
    /// <summary>In templates.</summary>
    string Name { get; }

    /// <summary>In requests.</summary>
    string Oid { get; }

    /// <summary>Writes the JSON value that it was read from.</summary>
    void Write(Utf8JsonWriter writer);

    /// <summary>What is wrong with the extension of a request; null stands for a request without it.</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">The value is not this extension's.</exception>
    IEnumerable<CsrFinding> Check(ReadOnlyMemory<byte>? value, Func<string, bool> isLegitimate);

    /// <summary>What a consumer's values lack or have too much of.</summary>
    IEnumerable<CsrFinding> Check(TemplateValues values);

    /// <summary>The extension for a request, of values that were checked; null when nothing was chosen for it.</summary>
    X509Extension? Build(TemplateValues values);
}

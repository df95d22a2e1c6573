namespace StarPortal.Core.Delegation;

/// <summary>
/// A CSR template (RFC 9115 section 4, appendix A): which requests the owner of a name takes from a consumer. Immutable; made by
/// <see cref="CsrTemplateReader"/>, which is why every value in it is well-formed.
/// </summary>
public sealed class CsrTemplate
{
    internal CsrTemplate(IReadOnlyList<TemplateKeyType> keyTypes, IReadOnlyList<SubjectRule> subject, IReadOnlyList<ITemplateExtension> extensions) =>
        (KeyTypes, Subject, Extensions) = (keyTypes, subject, extensions);

    /// <summary>Any of these keys; the first is the owner's favourite.</summary>
    public IReadOnlyList<TemplateKeyType> KeyTypes { get; }

    /// <summary>In the order of <see cref="SubjectField.All"/>, each field at most once; empty when the request has to have no subject.</summary>
    public IReadOnlyList<SubjectRule> Subject { get; }

    /// <summary>In the order of <see cref="TemplateExtensions.Registered"/>; the names are always among them.</summary>
    public IReadOnlyList<ITemplateExtension> Extensions { get; }

    /// <summary>The one extension that every template has.</summary>
    public SubjectAltNameRule Names => Extensions.OfType<SubjectAltNameRule>().Single();

    /// <summary>Reads a template of which only good ones are of use, such as one from the database or from an identifier owner.</summary>
    /// <exception cref="Shared.ServiceException">Invalid, field CsrTemplate: the first error.</exception>
    public static CsrTemplate Parse(string json)
    {
        var (template, findings) = CsrTemplateReader.Read(json);
        return template ?? throw TemplateErrors.NotATemplate(findings.First(finding => finding.Severity is TemplateSeverity.Error));
    }

    /// <summary>Canonical JSON: members in the order of the RFC's figure 10, so that equal templates have equal texts.</summary>
    /// <param name="indented">For people; else without white space.</param>
    public string ToJson(bool indented = false) => CsrTemplateWriter.Write(this, indented);

    public override string ToString() => ToJson();
}

namespace StarPortal.Core.Delegation;

public enum TemplateSeverity
{
    /// <summary>Not a template: it can't be stored or used.</summary>
    Error,

    /// <summary>A template that is probably not what its author means.</summary>
    Warning,
}

/// <summary>What the reader has to say about a place in a template.</summary>
/// <param name="Path">A JSON path, such as <c>$.extensions.subjectAltName.DNS[0]</c>; <see cref="TemplateLines"/> knows its line.</param>
/// <param name="Severity">What follows from it.</param>
/// <param name="Text">For the author: what is wrong and what to write instead.</param>
public sealed record CsrTemplateFinding(string Path, TemplateSeverity Severity, string Text);

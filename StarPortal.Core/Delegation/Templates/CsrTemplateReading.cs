namespace StarPortal.Core.Delegation;

/// <summary>What reading a template came to.</summary>
/// <param name="Template">Null when there is an error among the findings.</param>
/// <param name="Findings">All of them, in the order of the text; warnings too.</param>
public sealed record CsrTemplateReading(CsrTemplate? Template, IReadOnlyList<CsrTemplateFinding> Findings);

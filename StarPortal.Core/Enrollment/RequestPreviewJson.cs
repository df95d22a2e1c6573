namespace StarPortal.Core.Enrollment;

/// <summary>The answer of <c>/api/v1/request-preview</c>.</summary>
/// <param name="Preview">Null while there is nothing to show.</param>
/// <param name="Passphrase">Null while none is typed.</param>
internal sealed record RequestPreviewJson(IReadOnlyList<FindingJson> Findings, PreviewJson? Preview, StrengthJson? Passphrase)
{
    public static RequestPreviewJson Of(EnrollmentCheck check) => new(
        [.. check.Findings.Select(finding => new FindingJson(finding.Code, finding.Severity.ToString().ToLowerInvariant(), finding.Message, finding.Field))],
        check.Preview is { } preview
            ? new(preview.Subject, preview.Parts, preview.Names, preview.KeyDescription, preview.KeyIsStandIn, (int)preview.Validity.TotalDays, preview.CertificateText)
            : null,
        check.Passphrase is { } verdict ? new(verdict.Strength, verdict.Problem ?? verdict.Advice) : null);
}

/// <param name="Severity"><c>block</c>, <c>acknowledge</c> or <c>inform</c>.</param>
/// <param name="Field">The form field that it belongs beside; null when it concerns the whole.</param>
internal sealed record FindingJson(string Code, string Severity, string Message, string? Field);

internal sealed record PreviewJson(string Subject, IReadOnlyList<SubjectPart> Parts, IReadOnlyList<string> Names, string Key, bool KeyIsStandIn, int Days, string Text);

/// <param name="Strength">0 to 4.</param>
internal sealed record StrengthJson(int Strength, string Advice);

/// <summary>The answer of <c>/api/v1/requests/{id}/version</c>.</summary>
internal sealed record RequestVersionJson(int Version);

using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>One attribute of a subject, such as <c>O</c> and <c>Example University</c>.</summary>
public sealed record SubjectPart(string Type, string Value);

/// <summary>The certificate that would come of a form.</summary>
public sealed record RequestPreview
{
    /// <summary>From the root of the tree down.</summary>
    public required string Subject { get; init; }

    /// <summary>The same, attribute by attribute.</summary>
    public required IReadOnlyList<SubjectPart> Parts { get; init; }

    /// <summary>As <see cref="SubjectAlternativeName"/> prints them.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Such as <c>RSA 3072</c>.</summary>
    public required string KeyDescription { get; init; }

    /// <summary>Whether the key in the text stands in for one that the portal makes when the form is sent.</summary>
    public required bool KeyIsStandIn { get; init; }

    public required TimeSpan Validity { get; init; }

    /// <summary>As OpenSSL prints a certificate; serial number, validity and signature will be others.</summary>
    public required string CertificateText { get; init; }
}

/// <summary>What the checks say about a form, the same while typing and at submit.</summary>
/// <param name="Preview">Null while the name is missing or unusable, or the signing request is.</param>
/// <param name="Passphrase">Null when none was typed, or none is chosen.</param>
public sealed record EnrollmentCheck(IReadOnlyList<Finding> Findings, RequestPreview? Preview, PassphraseVerdict? Passphrase)
{
    public bool IsBlocked => Findings.Any(finding => finding.Severity is FindingSeverity.Block);

    /// <summary>Whether the person has to say that they ask anyway.</summary>
    public bool NeedsAcknowledgement => Findings.Any(finding => finding.Severity is FindingSeverity.Acknowledge);

    /// <summary>What a request is made of; null when the form is blocked.</summary>
    internal EnrollmentDraft? Draft { get; init; }

    /// <summary>What blocks, and what is missing for asking anyway: in the order of the form's fields as far as there is one.</summary>
    public IReadOnlyList<ServiceException> Problems(EnrollmentForm form)
    {
        var blocking = Findings.Where(finding => finding.Severity is FindingSeverity.Block).Select(finding => new ServiceException(ErrorKind.Invalid, finding.Message, finding.Field));
        return [.. blocking, .. NeedsAcknowledgement && !form.Acknowledge ? [RequestErrors.NotAcknowledged()] : (ServiceException[])[],
            .. NeedsAcknowledgement && form.Acknowledge && string.IsNullOrWhiteSpace(form.AcknowledgementReason) ? [RequestErrors.Missing(nameof(form.AcknowledgementReason))] : (ServiceException[])[]];
    }
}

/// <summary>A form without problems, taken apart.</summary>
internal sealed record EnrollmentDraft(
    Requester Requester, Organisation Organisation, DistinguishedName Subject, bool ReservesSubject, IReadOnlyList<SubjectAlternativeName> Names, SigningRequest? SigningRequest);

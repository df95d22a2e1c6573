using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>The certificate that would come of a form.</summary>
/// <param name="Subject">From the root of the tree down.</param>
/// <param name="Names">As <see cref="SubjectAlternativeName"/> prints them.</param>
/// <param name="CertificateText">As OpenSSL prints a certificate; serial number, validity and signature will be others.</param>
/// <param name="KeyDescription">Such as <c>RSA 3072</c>.</param>
/// <param name="KeyIsStandIn">Whether the key in the text stands in for one that the portal makes when the form is sent.</param>
public sealed record RequestPreview(string Subject, IReadOnlyList<string> Names, string CertificateText, string KeyDescription, bool KeyIsStandIn);

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

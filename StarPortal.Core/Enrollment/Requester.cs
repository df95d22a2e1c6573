using StarPortal.Core.Authority;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Enrollment;

/// <summary>Who asks: as the form says, or as the account of somebody who is signed in says.</summary>
internal sealed record Requester
{
    /// <summary>Null for somebody who has no account yet.</summary>
    public Guid? UserId { get; init; }

    public required string UserName { get; init; }

    public required string FullName { get; init; }

    /// <summary>Normalised.</summary>
    public required string Email { get; init; }

    public string? Phone { get; init; }

    public Guid? OrganisationId { get; init; }

    /// <summary>The subject that the person has for life, or in an earlier request that is open; null for a new one.</summary>
    public DistinguishedName? Subject { get; init; }

    public int OpenRequests { get; init; }

    /// <summary>Whether the account is made with the request.</summary>
    public bool IsNew => UserId is null;

    public static Requester From(EnrollmentForm form) => new()
    {
        UserName = form.UserName?.Trim() ?? "",
        FullName = RequestText.HasHidden(form.FullName ?? "") ? form.FullName! : RequestText.Tidy(form.FullName),
        Email = MailAddressRules.Normalize(form.Email),
        Phone = string.IsNullOrWhiteSpace(form.Phone) ? null : form.Phone.Trim(),
        OrganisationId = form.OrganisationId,
    };

    public static Requester From(PortalUser user, EnrollmentForm form) => new()
    {
        UserId = user.Id,
        UserName = user.UserName!,
        FullName = user.FullName,
        Email = MailAddressRules.Normalize(user.Email),
        Phone = string.IsNullOrWhiteSpace(form.Phone) ? user.PhoneNumber : form.Phone.Trim(),
        OrganisationId = user.OrganisationId ?? form.OrganisationId,
        Subject = user.CertificateSubject is { } subject ? DistinguishedName.Parse(subject) : null,
    };
}

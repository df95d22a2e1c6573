using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>
/// What a person corrects while renewing. A telephone number is taken as it is; another organisation is a wish that its officers grant, because they answer for whoever is
/// theirs; an e-mail address is confirmed first (<see cref="AddressChanges"/>).
/// </summary>
public sealed class PersonChanges(TimeProvider clock)
{
    /// <summary>Whether all of it could be taken: said beside the fields before anything is done.</summary>
    /// <exception cref="ServiceException">Invalid, beside a field.</exception>
    internal static async Task CheckAsync(PortalDbContext db, RenewalForm form, PortalUser user, CancellationToken ct)
    {
        if (FormRules.CheckPhone(Tidy(form.Phone)).FirstOrDefault() is { } problem) throw RenewalErrors.BadPhone(problem.Message);
        if (WishOf(form, user) is { } wish && !await db.Organisations.AnyAsync(organisation => organisation.Id == wish && organisation.IsOpen, ct)) throw RenewalErrors.UnknownOrganisation();
    }

    /// <returns>The organisation that is wished for; null: the one as before.</returns>
    internal static Guid? WishOf(RenewalForm form, PortalUser user) => form.OrganisationId is { } wish && wish != user.OrganisationId ? wish : null;

    /// <returns>The address that is to be confirmed; null: the one as before.</returns>
    /// <exception cref="ServiceException">Invalid, beside the address.</exception>
    internal static string? AddressOf(RenewalForm form, PortalUser user, Organisation? organisation)
    {
        if (string.IsNullOrWhiteSpace(form.Email)) return null;
        var address = MailAddressRules.Normalize(form.Email);
        if (string.Equals(address, user.Email, StringComparison.OrdinalIgnoreCase)) return null;
        var problem = MailAddressRules.Check(address, organisation?.EmailDomains ?? [], [])
            .FirstOrDefault(finding => finding.Severity is FindingSeverity.Block || finding.Code == EnrollmentFindings.AddressDisposable);
        return problem is null ? address : throw RenewalErrors.BadAddress(problem.Message);
    }

    /// <summary>Takes what needs nobody else, into the caller's unit of work.</summary>
    internal void Apply(PortalDbContext db, RenewalForm form, PortalUser user, Actor actor)
    {
        if (Tidy(form.Phone) is not { } phone || phone == user.PhoneNumber) return;
        user.PhoneNumber = phone;
        user.ConcurrencyStamp = SecureTokens.NewToken();
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.PhoneChanged, actor, "user", user.Id, clock.GetUtcNow()));
    }

    private static string? Tidy(string? phone) => string.IsNullOrWhiteSpace(phone) ? null : RequestText.Tidy(phone);
}

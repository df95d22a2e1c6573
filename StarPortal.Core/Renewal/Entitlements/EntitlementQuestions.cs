using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Asks officers whether somebody is still, or now, one of theirs: once a question, in the unit of work of whatever raises it.</summary>
public sealed class EntitlementQuestions(OfficerDirectory directory, RenewalOfficerMails mails, IOptions<RenewalOptions> options, TimeProvider clock)
{
    /// <summary>Asks, if the answer is due.</summary>
    /// <param name="wish">Another organisation, whose officers are asked then.</param>
    /// <param name="mustWait">Whether the present organisation can't answer for the person any more.</param>
    /// <returns>Whether renewing has to wait for the answer.</returns>
    /// <exception cref="ServiceException">Conflict: the answer was no.</exception>
    internal async Task<bool> AskAsync(PortalDbContext db, RenewalSubject subject, Guid? wish, bool mustWait, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var known = await db.Entitlements.SingleOrDefaultAsync(answer => answer.UserId == subject.User.Id, ct);
        if (known?.RefusedAt is not null && wish is null) throw RenewalErrors.NotEntitled();
        if (!mustWait && known?.RefusedAt is null && !await EntitlementRules.IsDueAsync(db, subject.User.Id, options.Value.EntitlementInterval, now, ct)) return false;

        var entitlement = known ?? Add(db, subject.User.Id);
        var isNew = entitlement.WaitingSince is null || (wish is not null && wish != entitlement.WishedOrganisationId);
        entitlement.WaitFor(subject.Certificate.Id, now);
        if (wish is { } organisation) entitlement.WishFor(organisation);
        if (isNew) await TellAsync(db, subject, entitlement, wish ?? subject.User.OrganisationId, actor, AuditAction.EntitlementAsked, ct);
        return true;
    }

    /// <summary>The person wants to belong elsewhere: nothing waits for that, but its officers are asked.</summary>
    internal async Task WishAsync(PortalDbContext db, RenewalSubject subject, Guid organisationId, Actor actor, CancellationToken ct)
    {
        var entitlement = await db.Entitlements.SingleOrDefaultAsync(answer => answer.UserId == subject.User.Id, ct) ?? Add(db, subject.User.Id);
        if (entitlement.WishedOrganisationId == organisationId) return;
        entitlement.WishFor(organisationId);
        await TellAsync(db, subject, entitlement, organisationId, actor, AuditAction.OrganisationWished, ct);
    }

    private async Task TellAsync(PortalDbContext db, RenewalSubject subject, Entitlement entitlement, Guid? organisationId, Actor actor, AuditAction action, CancellationToken ct)
    {
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(one => one.Id == organisationId, ct);
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "user", subject.User.Id, clock.GetUtcNow(), organisation?.Name));
        var officers = organisation is null ? await directory.FindAdministratorsAsync(ct) : await directory.FindForAsync(organisation.Id, except: subject.User.Id, atLeast: 1, ct);
        foreach (var officer in officers) mails.AddEntitlementAsked(db, subject.User, organisation?.Name ?? "no organisation", entitlement.Version, officer);
    }

    private static Entitlement Add(PortalDbContext db, Guid userId)
    {
        var entitlement = Entitlement.Of(userId);
        db.Entitlements.Add(entitlement);
        return entitlement;
    }
}

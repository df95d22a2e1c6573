using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>The steps between the proof and the new certificate.</summary>
public sealed class RenewalSteps(RenewalRules rules, PersonChanges changes, AddressChanges addresses, EntitlementQuestions entitlements)
{
    /// <summary>Adds the question, if one has to be answered first, to the caller's unit of work: is the other address the person's? Is the person still one of ours?</summary>
    /// <exception cref="ServiceException">Invalid, beside a field; Conflict: the answer is known, and it is no.</exception>
    internal async Task<RenewalOutcome?> FindQuestionAsync(PortalDbContext db, RenewalSubject subject, RenewalForm form, Actor actor, CancellationToken ct)
    {
        var organisation = await db.Organisations.SingleOrDefaultAsync(one => one.Id == subject.User.OrganisationId, ct);
        await PersonChanges.CheckAsync(db, form, subject.User, ct);
        if (PersonChanges.AddressOf(form, subject.User, organisation) is { } address)
        {
            await addresses.AskAsync(db, subject, address, actor, ct);
            return RenewalOutcome.AddressAsked;
        }

        var wish = PersonChanges.WishOf(form, subject.User);
        if (organisation is not { IsOpen: true } && wish is null) throw RenewalErrors.OrganisationClosed();
        var asked = await entitlements.AskAsync(db, subject, wish, mustWait: organisation is not { IsOpen: true }, actor, ct);
        return asked ? RenewalOutcome.OfficerAsked : null;
    }

    /// <exception cref="ServiceException">What stands against it now.</exception>
    internal async Task RequireRenewableAsync(PortalDbContext db, RenewalSubject subject, CancellationToken ct)
    {
        if (await rules.FindObstacleAsync(db, subject, ct) is { } obstacle) throw obstacle;
    }

    internal async Task CorrectAsync(PortalDbContext db, RenewalSubject subject, RenewalForm form, Actor actor, CancellationToken ct)
    {
        changes.Apply(db, form, subject.User, actor);
        if (PersonChanges.WishOf(form, subject.User) is { } wish) await entitlements.WishAsync(db, subject, wish, actor, ct);
    }
}

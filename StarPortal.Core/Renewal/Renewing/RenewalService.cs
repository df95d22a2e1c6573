using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>
/// Renews a certificate: proof, corrections, a new key, and then one transaction with everything that the new certificate is. Until that is saved the old one works as before;
/// of two who renew at once one is told that it is done.
/// </summary>
public sealed class RenewalService(IDbContextFactory<PortalDbContext> contexts, RenewalProof proof, RenewalSteps steps, RenewalIssuer issuer, IssuanceProfiles profiles)
{
    private const int MaxTries = 5;

    /// <exception cref="ServiceException">What stands against it, or Invalid, Unauthenticated or TooMany beside a field of the form.</exception>
    public Task<RenewalOutcome> RenewAsync(RenewalEntrance entrance, RenewalForm form, Actor actor, CancellationToken ct) => AgainAsync(async () =>
    {
        var keptHere = await proof.RequireAsync(entrance, form, actor, ct);
        if (await AskFirstAsync(entrance, form, actor, ct) is { } asked) return asked;
        return await RenewAsync(entrance, form, keptHere, actor, ct);
    });

    /// <summary>What has to be asked before anything is made; saved by itself.</summary>
    private async Task<RenewalOutcome?> AskFirstAsync(RenewalEntrance entrance, RenewalForm form, Actor visitor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var subject = await RenewalFinder.FindAsync(db, entrance, MailLinkPurpose.RenewCertificate, visitor, ct);
        var asked = await steps.FindQuestionAsync(db, subject, form, subject.ActorFor(visitor), ct);
        if (asked is not null) await db.SaveChangesAsync(ct);
        return asked;
    }

    private async Task<RenewalOutcome> RenewAsync(RenewalEntrance entrance, RenewalForm form, bool keptHere, Actor visitor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var subject = await RenewalFinder.FindAsync(db, entrance, MailLinkPurpose.RenewCertificate, visitor, ct);
        var key = NewKey.Of(form, profiles.Get(subject.Certificate.Profile), keptHere);
        await steps.RequireRenewableAsync(db, subject, ct);
        var actor = subject.ActorFor(visitor);
        await steps.CorrectAsync(db, subject, form, actor, ct);
        await issuer.AddAsync(db, subject, key, actor, ct);
        await db.SaveChangesAsync(ct);
        return RenewalOutcome.Renewed;
    }

    /// <summary>Somebody was faster at something that this needs: looked at afresh, it may be done already, or still to do.</summary>
    private static async Task<RenewalOutcome> AgainAsync(Func<Task<RenewalOutcome>> renew)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await renew();
            }
            catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
            {
                if (tries == MaxTries) throw RenewalErrors.Busy();
            }
        }
    }
}

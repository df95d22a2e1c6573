using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Officers' answers to "still one of ours?", a page of people at a time. Administrators answer for every organisation, nobody for themselves.</summary>
public sealed class EntitlementDesk(IDbContextFactory<PortalDbContext> contexts, MailLinks links, RenewalMails mails, IOptions<RenewalOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<EntitlementPage> ReadAsync(Actor actor, CancellationToken ct)
    {
        RenewalScope.RequireDecider(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var asked = EntitlementQuery.Of(db, actor, options.Value, clock.GetUtcNow());
        var rows = await EntitlementQuery.RowsOf(db, asked).Take(EntitlementPage.Size).ToListAsync(ct);
        return new(rows, await asked.CountAsync(ct));
    }

    /// <summary>One answer for all of them, or for none: somebody who is not the officer's to decide about stops it.</summary>
    /// <returns>How many it was said of.</returns>
    /// <exception cref="ServiceException">Invalid: nobody was chosen; NotFound; Forbidden; Conflict: somebody else answered meanwhile.</exception>
    public async Task<int> AnswerAsync(IReadOnlyCollection<Guid> people, bool areOurs, Actor officer, CancellationToken ct)
    {
        RenewalScope.RequireDecider(officer);
        var chosen = people.Distinct().Take(EntitlementPage.Size + 1).ToList();
        if (chosen.Count == 0) throw RenewalErrors.NobodyChosen();
        if (chosen.Contains(officer.RequireSignedIn())) throw RenewalErrors.Yourself();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var users = await EntitlementQuery.Of(db, officer, options.Value, clock.GetUtcNow()).Where(user => chosen.Contains(user.Id)).AsTracking().ToListAsync(ct);
        if (users.Count != chosen.Count) throw RenewalErrors.NotYours();

        var known = await db.Entitlements.Where(answer => chosen.Contains(answer.UserId)).ToDictionaryAsync(answer => answer.UserId, ct);
        foreach (var user in users) await AnswerAsync(db, user, known.GetValueOrDefault(user.Id), areOurs, officer, ct);
        await SaveAsync(db, ct);
        return users.Count;
    }

    private async Task AnswerAsync(PortalDbContext db, PortalUser user, Entitlement? known, bool isOurs, Actor officer, CancellationToken ct)
    {
        var (entitlement, now) = (known ?? Entitlement.Of(user.Id), clock.GetUtcNow());
        if (known is null) db.Entitlements.Add(entitlement);
        var wish = entitlement.WishedOrganisationId;
        db.AuditRecords.Add(AuditRecord.Of(isOurs ? AuditAction.EntitlementConfirmed : AuditAction.EntitlementRefused, officer, "user", user.Id, now, wish is null ? null : $"as one of organisation {wish}"));
        if (!isOurs)
        {
            if (wish is null) entitlement.Refuse(officer, now);
            else entitlement.RefuseWish();
            await TellRefusedAsync(db, user, wish, entitlement, ct);
            return;
        }

        if (wish is not null) (user.OrganisationId, user.ConcurrencyStamp) = (wish, SecureTokens.NewToken());
        if (entitlement.Confirm(officer, now) is { } certificateId) await TellAsync(db, user, certificateId, entitlement, ct);
    }

    /// <summary>Who has waited for it gets a fresh link.</summary>
    private async Task TellAsync(PortalDbContext db, PortalUser user, Guid certificateId, Entitlement entitlement, CancellationToken ct)
    {
        var certificate = await db.IssuedCertificates.AsNoTracking().Select(one => new { one.Id, one.NotAfter, one.Profile, one.Subject }).SingleAsync(one => one.Id == certificateId, ct);
        var left = certificate.NotAfter + options.Value.GraceFor(certificate.Profile) - clock.GetUtcNow();
        if (left <= TimeSpan.Zero) return;
        var token = links.Add(db, MailLinkPurpose.RenewCertificate, certificateId, user.Id, left);
        mails.AddEntitled(db, user, certificate.Subject, token, entitlement.Version);
    }

    /// <summary>Whoever is not one of theirs hears so at once, from the portal, and not from a renewal that fails.</summary>
    private async Task TellRefusedAsync(PortalDbContext db, PortalUser user, Guid? wish, Entitlement entitlement, CancellationToken ct)
    {
        if (user is not { EmailConfirmed: true, Email: not null }) return;
        var asked = wish ?? user.OrganisationId;
        var organisation = await db.Organisations.Where(one => one.Id == asked).Select(one => one.Name).SingleOrDefaultAsync(ct);
        mails.AddNotEntitled(db, user, organisation ?? "no organisation", isWish: wish is not null, entitlement.Version);
    }

    private static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw RenewalErrors.Busy();
        }
    }
}

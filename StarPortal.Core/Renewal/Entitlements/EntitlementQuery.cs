using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Somebody about whom officers are asked.</summary>
/// <param name="Organisation">That whose officers are asked.</param>
/// <param name="IsMove">Whether the person has said to belong there now.</param>
/// <param name="WaitingSince">Renewing waits for the answer; null: nothing waits yet.</param>
public sealed record EntitlementRow(Guid UserId, string UserName, string FullName, string Email, string Organisation, bool IsMove, DateTimeOffset? WaitingSince, DateTimeOffset? EndsAt);

/// <param name="Rows">Who waits comes first.</param>
/// <param name="Total">All that are to be answered.</param>
public sealed record EntitlementPage(IReadOnlyList<EntitlementRow> Rows, int Total)
{
    public const int Size = 100;
}

/// <summary>Whom an officer is asked about: people with a living certificate whose last confirmation grows old, and those who wait or want to move here.</summary>
internal static class EntitlementQuery
{
    public static IQueryable<PortalUser> Of(PortalDbContext db, Actor actor, RenewalOptions options, DateTimeOffset now)
    {
        var (answers, certificates, alive) = (db.Entitlements, db.IssuedCertificates, now - options.LongestGrace);
        var holders = db.Users.AsNoTracking().Where(user => user.Id != actor.Id
            && !answers.Any(answer => answer.UserId == user.Id && answer.RefusedAt != null && answer.WishedOrganisationId == null)
            && certificates.Any(certificate => certificate.UserId == user.Id && Issuers.OfPeople.Contains(certificate.Issuer) && certificate.RevokedAt == null && certificate.NotAfter > alive));
        var asked = holders.Where(user => answers.Any(answer => answer.UserId == user.Id && (answer.WaitingSince != null || answer.WishedOrganisationId != null)));
        if (options.EntitlementInterval is { } interval) asked = asked.Union(EntitlementRules.NotConfirmedSince(db, holders, now - interval + options.EntitlementNotice));
        return Within(db, asked, actor);
    }

    /// <summary>Who waits comes first.</summary>
    public static IQueryable<EntitlementRow> RowsOf(PortalDbContext db, IQueryable<PortalUser> users)
    {
        var (answers, organisations, certificates) = (db.Entitlements, db.Organisations, db.IssuedCertificates);
        return from user in users
               join answer in answers on user.Id equals answer.UserId into known
               from answer in known.DefaultIfEmpty()
               join organisation in organisations on (answer != null ? answer.WishedOrganisationId : null) ?? user.OrganisationId equals organisation.Id into named
               from organisation in named.DefaultIfEmpty()
               orderby answer != null && answer.WaitingSince != null ? 0 : 1, user.FullName, user.Id
               select new EntitlementRow(user.Id, user.UserName!, user.FullName, user.Email!, organisation == null ? "" : organisation.Name, answer != null && answer.WishedOrganisationId != null,
                   answer == null ? null : answer.WaitingSince, certificates.Where(certificate => certificate.UserId == user.Id && certificate.RevokedAt == null).Max(certificate => (DateTimeOffset?)certificate.NotAfter));
    }

    /// <summary>A wish is for the officers of the organisation that is wished for, everything else for those of the present one.</summary>
    private static IQueryable<PortalUser> Within(PortalDbContext db, IQueryable<PortalUser> users, Actor actor)
    {
        if (RenewalScope.Of(actor) is not { } scope) return users;
        var answers = db.Entitlements;
        var wished = answers.Where(answer => answer.WishedOrganisationId != null);
        return users.Where(user => wished.Any(answer => answer.UserId == user.Id && scope.Contains(answer.WishedOrganisationId!.Value))
            || (!wished.Any(answer => answer.UserId == user.Id) && user.OrganisationId != null && scope.Contains(user.OrganisationId.Value)));
    }
}

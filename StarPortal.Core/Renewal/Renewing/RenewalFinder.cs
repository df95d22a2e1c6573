using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Finds what a link or a page of the account is about, and whose it is: the check of ownership that everything in this room goes through.</summary>
internal static class RenewalFinder
{
    /// <summary>Loads it into the caller's unit of work.</summary>
    /// <param name="purpose">What the link has to be for.</param>
    /// <exception cref="ServiceException">NotFound: no such link, or no such certificate of this person; Forbidden: somebody else is signed in; Unauthenticated.</exception>
    public static async Task<RenewalSubject> FindAsync(PortalDbContext db, RenewalEntrance entrance, MailLinkPurpose purpose, Actor actor, CancellationToken ct)
    {
        var link = entrance.Token is { } token ? await FindLinkAsync(db, token, purpose, ct) : null;
        var certificate = await FindCertificateAsync(db, link, entrance, actor, ct);
        if (actor.Id is { } signedIn && signedIn != certificate.UserId) throw RenewalErrors.OtherPerson(actor.Name);
        if (!Issuers.OfPeople.Contains(certificate.Issuer)) throw RenewalErrors.NotRenewable();
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == certificate.UserId, ct) ?? throw LinkErrors.Unknown();
        var renewal = await db.CertificateRenewals.SingleOrDefaultAsync(candidate => candidate.CertificateId == certificate.Id, ct);
        return new(certificate, user, link, renewal);
    }

    private static async Task<MailLink> FindLinkAsync(PortalDbContext db, string token, MailLinkPurpose purpose, CancellationToken ct)
    {
        var hash = SecureTokens.Hash(token);
        return await db.MailLinks.SingleOrDefaultAsync(link => link.TokenHash == hash && link.Purpose == purpose, ct) ?? throw LinkErrors.Unknown();
    }

    /// <summary>A link is bound to certificate and person: should the two not go together any more, it is worth nothing.</summary>
    private static async Task<IssuedCertificate> FindCertificateAsync(PortalDbContext db, MailLink? link, RenewalEntrance entrance, Actor actor, CancellationToken ct)
    {
        var certificates = db.IssuedCertificates.AsNoTracking();
        if (link is not null)
            return await certificates.SingleOrDefaultAsync(certificate => certificate.Id == link.ObjectId && certificate.UserId == link.UserId, ct) ?? throw LinkErrors.Unknown();
        var userId = actor.RequireSignedIn();
        if (entrance.SerialNumber is not { } serial) throw RenewalErrors.NotFound();
        return await certificates.SingleOrDefaultAsync(certificate => certificate.SerialNumber == serial && certificate.UserId == userId, ct) ?? throw RenewalErrors.NotFound();
    }
}

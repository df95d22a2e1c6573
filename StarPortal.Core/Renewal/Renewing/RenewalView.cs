using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What the pages of renewing and declining show. Without a session it says no more than the mail did.</summary>
/// <param name="Phone">Null unless the person is signed in.</param>
/// <param name="HasKey">Whether the portal keeps the key; if not, the person makes the next one too.</param>
/// <param name="IsSignedIn">As the holder.</param>
/// <param name="Problem">Why it can't be renewed now; null when it can.</param>
public sealed record RenewalView(
    SerialNumber SerialNumber, string Subject, string UserName, string FullName, string Email, string? Phone, Guid? OrganisationId, string Organisation, DateTimeOffset NotAfter,
    bool HasKey, bool IsSignedIn, string? Problem)
{
    /// <summary>The certificate that was made by renewing it.</summary>
    public SerialNumber? RenewedAs { get; init; }

    public required bool IsRevoked { get; init; }

    /// <summary>A later certificate of the same name takes its place.</summary>
    public required bool IsReplaced { get; init; }

    public DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>Declined, and may be taken back until then.</summary>
    public DateTimeOffset? UndoUntil { get; init; }
}

/// <summary>Reads for the pages: changes nothing, however often and by whomever it is opened.</summary>
public sealed class RenewalReader(IDbContextFactory<PortalDbContext> contexts, RenewalRules rules, IOptions<RenewalOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">NotFound; Forbidden: somebody else is signed in; Unauthenticated.</exception>
    public async Task<RenewalView> GetAsync(RenewalEntrance entrance, MailLinkPurpose purpose, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var subject = await RenewalFinder.FindAsync(db, entrance, purpose, actor, ct);
        var (certificate, user, renewal) = (subject.Certificate, subject.User, subject.Renewal);
        var organisation = await db.Organisations.Where(one => one.Id == user.OrganisationId).Select(one => one.Name).SingleOrDefaultAsync(ct);
        var hasKey = await db.Credentials.AnyAsync(credential => credential.CertificateId == certificate.Id, ct);
        var problem = await rules.FindObstacleAsync(db, subject, ct);
        return new(
            certificate.SerialNumber, certificate.Subject, user.UserName!, user.FullName, user.Email!, actor.Id is null ? null : user.PhoneNumber, user.OrganisationId, organisation ?? "", certificate.NotAfter,
            hasKey, actor.Id is not null, problem?.Message)
        {
            IsRevoked = certificate.IsRevoked,
            IsReplaced = await RenewalRules.IsReplacedAsync(db, subject, ct),
            RenewedAs = await SerialOfAsync(db, renewal?.ReplacementId, ct),
            DeclinedAt = renewal?.DeclinedAt,
            UndoUntil = renewal?.DeclinedAt + options.Value.UndoTime is { } until && until >= clock.GetUtcNow() ? until : null,
        };
    }

    private static async Task<SerialNumber?> SerialOfAsync(PortalDbContext db, Guid? certificateId, CancellationToken ct) => certificateId is null
        ? null : await db.IssuedCertificates.Where(certificate => certificate.Id == certificateId).Select(certificate => certificate.SerialNumber).SingleAsync(ct);
}

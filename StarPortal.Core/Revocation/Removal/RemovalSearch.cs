using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>A person as the removal page shows them.</summary>
/// <param name="Valid">Certificates that would be revoked.</param>
/// <param name="Open">The removal that is pending; null: none.</param>
/// <param name="Obstacle">Why the reader may not remove the person; null: may.</param>
public sealed record RemovablePerson(Guid UserId, string UserName, string FullName, string Email, string? Organisation, int Valid, PersonRemoval? Open, string? Obstacle);

/// <summary>Who is being removed, as officers and administrators see it.</summary>
public sealed class RemovalSearch(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int MaxShown = 200;

    /// <returns>Those that are pending, the next one first.</returns>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<IReadOnlyList<PersonRemoval>> ListAsync(Actor actor, CancellationToken ct)
    {
        RemovalRights.RequireOffice(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var pending = await db.PersonRemovals.AsNoTracking().Where(removal => removal.Status == RemovalStatus.Pending).OrderBy(removal => removal.DueAt).ToListAsync(ct);
        return [.. pending.Where(removal => RemovalRights.MaySee(actor, removal.OrganisationId)).Take(MaxShown)];
    }

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound, also for people of other organisations.</exception>
    public async Task<RemovablePerson> GetAsync(string userName, Actor actor, CancellationToken ct)
    {
        RemovalRights.RequireOffice(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var normalized = userName.ToUpperInvariant();
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.NormalizedUserName == normalized, ct);
        if (user is null || !RemovalRights.MaySee(actor, user.OrganisationId)) throw RemovalErrors.NotFound();
        var (id, now) = (user.Id, clock.GetUtcNow());
        return new(
            id, user.UserName!, user.FullName, user.Email!,
            await db.Organisations.Where(organisation => organisation.Id == user.OrganisationId).Select(organisation => organisation.Name).SingleOrDefaultAsync(ct),
            await db.IssuedCertificates.CountAsync(certificate => certificate.UserId == id && certificate.RevokedAt == null && certificate.NotAfter > now, ct),
            await db.PersonRemovals.AsNoTracking().SingleOrDefaultAsync(removal => removal.OpenUserId == id, ct),
            await FindObstacleAsync(db, id, actor, now, ct));
    }

    private static async Task<string?> FindObstacleAsync(PortalDbContext db, Guid userId, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await RemovalRights.RequireAsync(db, userId, actor, now, ct);
            return null;
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Conflict or ErrorKind.Forbidden)
        {
            return refusal.Message;
        }
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// Brings in people who have no account yet: an administrator names the person and the role, the person chooses a passphrase by a mailed link
/// (<see cref="InvitationAcceptance"/>) and then a second factor. Nobody ever hands a passphrase to somebody else.
/// </summary>
public sealed class InvitationService(
    IDbContextFactory<PortalDbContext> contexts, AccountRegistrar registrar, RoleService roles, InvitationSender sender, TimeProvider clock)
{
    /// <summary>Makes the account, without a passphrase, and its role, and sends the link.</summary>
    /// <exception cref="ServiceException">Invalid or Conflict beside a field; Forbidden; TooMany.</exception>
    public async Task<PortalUser> InviteAsync(NewAccount account, RoleOffer offer, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        if (await registrar.IsUserNameTakenAsync(account.UserName, ct)) throw AccountErrors.UserNameTaken();
        await using var db = await contexts.CreateDbContextAsync(ct);

        var user = registrar.Add(db, account with { Password = null }, actor);
        var grant = await roles.AddAsync(db, user, offer, actor, ct);
        sender.Add(db, user, await NameOfAsync(db, grant, ct), actor);
        await AccountRegistrar.SaveAsync(db, ct);
        return user;
    }

    /// <summary>Sends a new link; those before it are worth nothing from now on.</summary>
    /// <exception cref="ServiceException">Conflict: the person has accepted, or was never invited; Forbidden; TooMany.</exception>
    public async Task InviteAgainAsync(Guid userId, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == userId && candidate.PasswordHash == null, ct) ?? throw NotInvited();
        var grant = await db.RoleGrants.Where(candidate => candidate.UserId == userId && candidate.Role != PortalRole.Subscriber)
            .OrderBy(candidate => candidate.StartsAt).FirstOrDefaultAsync(ct) ?? throw NotInvited();

        var now = clock.GetUtcNow();
        var earlier = db.MailLinks.Where(link => link.Purpose == MailLinkPurpose.AcceptInvitation && link.UserId == userId && link.UsedAt == null && link.ExpiresAt > now);
        foreach (var link in await earlier.ToListAsync(ct)) link.Use(now);
        sender.Add(db, user, await NameOfAsync(db, grant, ct), actor);
        await db.SaveChangesAsync(ct);
    }

    private static async Task<string> NameOfAsync(PortalDbContext db, RoleGrant grant, CancellationToken ct)
    {
        var role = grant.IsDeputy ? "deputy officer" : grant.Role.ToString().ToLowerInvariant();
        return grant.OrganisationId is { } id && await db.Organisations.FindAsync([id], ct) is { } organisation ? $"{role} of {organisation.Name}" : role;
    }

    private static ServiceException NotInvited() => new(ErrorKind.Conflict, "This person has no open invitation.");
}

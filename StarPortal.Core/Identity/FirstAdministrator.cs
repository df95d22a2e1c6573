using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// The way in for the first administrator: a one-time link printed on the console, which only whoever runs the server sees. Once there is an
/// administrator it leads nowhere, and no new one can be had.
/// </summary>
public sealed class FirstAdministrator(
    IDbContextFactory<PortalDbContext> contexts, MailLinks links, AccountRegistrar registrar, IOptions<AccountOptions> options, TimeProvider clock)
{
    /// <summary>For the start: the link's path when one has to be printed, null when there is an administrator or a link that is still good was printed before.</summary>
    public async Task<string?> EnsureLinkAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await ExistsAsync(db, ct)) return null;
        var now = clock.GetUtcNow();
        var printed = await db.MailLinks.AnyAsync(link => link.Purpose == MailLinkPurpose.SetUpAdministrator && link.UsedAt == null && link.ExpiresAt > now, ct);
        return printed ? null : await AddLinkAsync(db, ct);
    }

    /// <summary>Whether there is none yet.</summary>
    public async Task<bool> IsMissingAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return !await ExistsAsync(db, ct);
    }

    /// <summary>For the command line, when the printed link was lost: a new one; those before it are worth nothing from now on.</summary>
    /// <exception cref="ServiceException">Conflict: there is an administrator.</exception>
    public async Task<string> RenewLinkAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await ExistsAsync(db, ct)) throw Exists();
        var now = clock.GetUtcNow();
        foreach (var link in await db.MailLinks.Where(link => link.Purpose == MailLinkPurpose.SetUpAdministrator && link.UsedAt == null && link.ExpiresAt > now).ToListAsync(ct))
            link.Use(now);
        return await AddLinkAsync(db, ct);
    }

    /// <summary>Whether the link may still be used. Reads only.</summary>
    /// <exception cref="ServiceException">NotFound or Gone.</exception>
    public async Task CheckLinkAsync(string token, CancellationToken ct)
    {
        await links.GetAsync(token, MailLinkPurpose.SetUpAdministrator, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await ExistsAsync(db, ct)) throw Exists();
    }

    /// <summary>Makes the administrator and uses the link up.</summary>
    /// <exception cref="ServiceException">NotFound, Gone, Conflict; Invalid beside a field.</exception>
    public async Task<PortalUser> SetUpAsync(string token, NewAccount account, Actor visitor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await links.UseAsync(db, token, MailLinkPurpose.SetUpAdministrator, ct);
        if (await ExistsAsync(db, ct)) throw Exists();

        var user = registrar.Add(db, account, visitor);
        user.EmailConfirmed = true; // whoever has the console's link answers for the address
        var grant = RoleGrant.To(user.Id, PortalRole.Administrator, organisationId: null, isDeputy: false, clock.GetUtcNow(), endsAt: null, Actor.System("setup"));
        db.RoleGrants.Add(grant);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RoleGranted, visitor, "user", user.Id, clock.GetUtcNow(), "Administrator, by the console's link"));
        await AccountRegistrar.SaveAsync(db, ct);
        return user;
    }

    private async Task<string> AddLinkAsync(PortalDbContext db, CancellationToken ct)
    {
        var token = links.Add(db, MailLinkPurpose.SetUpAdministrator, Guid.Empty, userId: null, options.Value.SetupLinkLifetime);
        await db.SaveChangesAsync(ct);
        return $"/setup/{token}";
    }

    private async Task<bool> ExistsAsync(PortalDbContext db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.RoleGrants.AnyAsync(grant => grant.Role == PortalRole.Administrator && (grant.EndsAt == null || now < grant.EndsAt), ct);
    }

    private static ServiceException Exists() => new(ErrorKind.Conflict, "There is an administrator already: sign in, or ask that person for a role.");
}

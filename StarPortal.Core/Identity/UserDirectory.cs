using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>One account, as administrators see it.</summary>
public sealed record UserRow(
    Guid Id, string UserName, string FullName, string Email, Guid? OrganisationId, string? Organisation, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt)
{
    public required bool IsConfirmed { get; init; }

    public required bool IsInvited { get; init; }

    public required bool HasAuthenticator { get; init; }

    public required int Passkeys { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    public required bool IsDemoPersona { get; init; }

    public string? CertificateSubject { get; init; }
}

public sealed record UserPage(IReadOnlyList<UserRow> Rows, int Total);

public sealed record UserCounts(int Accounts, int Unconfirmed, int Locked, int PrivilegedWithoutSecondFactor);

/// <summary>The accounts. Administrators only.</summary>
public sealed class UserDirectory(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <param name="text">Part of the user name, full name or address; empty: everybody.</param>
    /// <param name="page">From 1.</param>
    public async Task<UserPage> SearchAsync(string? text, int page, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = Matching(db.Users.AsNoTracking(), text?.Trim().ToUpperInvariant());
        var total = await found.CountAsync(ct);
        var some = found.OrderBy(user => user.NormalizedUserName).Skip((Math.Max(1, page) - 1) * PageSize).Take(PageSize);
        return new(await RowsOf(db, some).ToListAsync(ct), total);
    }

    /// <exception cref="ServiceException">NotFound; Forbidden.</exception>
    public async Task<UserRow> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await RowsOf(db, db.Users.AsNoTracking().Where(user => user.Id == id)).SingleOrDefaultAsync(ct) ?? throw AccountErrors.UserNotFound();
    }

    public async Task<UserCounts> CountAsync(Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var (users, passkeys) = (db.Users.AsNoTracking(), db.UserPasskeys);
        var privileged = db.RoleGrants.Where(grant => (grant.Role == PortalRole.Officer || grant.Role == PortalRole.Administrator || grant.Role == PortalRole.Auditor)
            && grant.StartsAt <= now && (grant.EndsAt == null || grant.EndsAt > now)).Select(grant => grant.UserId).Distinct();
        return new(
            await users.CountAsync(ct),
            await users.CountAsync(user => !user.EmailConfirmed, ct),
            await users.CountAsync(user => user.LockoutEnd > now, ct),
            await users.CountAsync(user => privileged.Contains(user.Id) && user.EmailConfirmed && !user.IsDemoPersona && !user.TwoFactorEnabled
                && !passkeys.Any(passkey => passkey.UserId == user.Id), ct));
    }

    private static IQueryable<PortalUser> Matching(IQueryable<PortalUser> users, string? text) => string.IsNullOrEmpty(text)
        ? users
        : users.Where(user => user.NormalizedUserName!.Contains(text) || user.NormalizedEmail!.Contains(text) || user.FullName.ToUpper().Contains(text));

    private static IQueryable<UserRow> RowsOf(PortalDbContext db, IQueryable<PortalUser> found)
    {
        var (organisations, passkeys) = (db.Organisations, db.UserPasskeys);
        return from user in found
               join organisation in organisations on user.OrganisationId equals organisation.Id into own
               from organisation in own.DefaultIfEmpty()
               orderby user.NormalizedUserName
               select new UserRow(
                   user.Id, user.UserName!, user.FullName, user.Email!, user.OrganisationId, organisation == null ? null : organisation.Name, user.CreatedAt, user.LastSignInAt)
               {
                   IsConfirmed = user.EmailConfirmed,
                   IsInvited = user.PasswordHash == null,
                   HasAuthenticator = user.TwoFactorEnabled,
                   Passkeys = passkeys.Count(passkey => passkey.UserId == user.Id),
                   LockedUntil = user.LockoutEnd,
                   IsDemoPersona = user.IsDemoPersona,
                   CertificateSubject = user.CertificateSubject,
               };
    }
}

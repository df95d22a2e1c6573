using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// Turns who is signed in into an <see cref="Actor"/>, by what the database says now: a role that was ended, an account that was locked and a
/// session that was closed elsewhere (ended by the person, or by a changed security stamp) count from the next call on, not from the next sign-in.
/// </summary>
public sealed class Actors(IDbContextFactory<PortalDbContext> contexts, IOptions<IdentityOptions> identity, IOptions<PortalOptions> portal, TimeProvider clock)
{
    /// <summary>How the session was proved (RFC 8176).</summary>
    public const string AmrClaim = "amr";

    /// <summary>The value of <see cref="AmrClaim"/> for a passkey with user verification, or a passphrase with a second factor (RFC 8176).</summary>
    public const string MultiFactor = "mfa";

    /// <summary>Names the <see cref="UserSession"/> that the cookie belongs to.</summary>
    public const string SessionClaim = "sid";

    /// <summary>The session that a cookie names; null: none.</summary>
    public static Guid? SessionOf(ClaimsPrincipal principal) => Guid.TryParse(principal.FindFirstValue(SessionClaim), out var id) ? id : null;

    /// <param name="principal">From the cookie; nobody signed in gives the anonymous actor.</param>
    /// <param name="address">The caller's network address, for the audit log.</param>
    public async Task<Actor> ResolveAsync(ClaimsPrincipal principal, string? address, CancellationToken ct)
    {
        var claims = identity.Value.ClaimsIdentity;
        if (!Guid.TryParse(principal.FindFirstValue(claims.UserIdClaimType), out var userId) || SessionOf(principal) is not { } sessionId) return Actor.Anonymous(address);

        await using var db = await contexts.CreateDbContextAsync(ct);
        var sessions = db.UserSessions;
        var user = await db.Users.AsNoTracking().Where(candidate => candidate.Id == userId && candidate.EmailConfirmed && sessions.Any(session => session.Id == sessionId && session.UserId == userId))
            .Select(candidate => new { candidate.UserName, candidate.SecurityStamp, candidate.IsDemoPersona }).SingleOrDefaultAsync(ct);
        if (user is null || user.SecurityStamp != principal.FindFirstValue(claims.SecurityStampClaimType)) return Actor.Anonymous(address);

        return new Actor(userId, user.UserName!, await GrantsInForceAsync(db, userId, ct))
        {
            Address = address,
            SessionId = sessionId,
            HasSecondFactor = (user.IsDemoPersona && portal.Value.Demo) || principal.HasClaim(AmrClaim, MultiFactor),
        };
    }

    /// <summary>A person whom the portal's operator acts for, from the machine that has the data: the audit log says so in the place of an address.</summary>
    /// <exception cref="ServiceException">NotFound.</exception>
    public async Task<Actor> OnBehalfOfAsync(string userName, CancellationToken ct)
    {
        var normalized = userName.ToUpperInvariant();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.NormalizedUserName == normalized && candidate.EmailConfirmed, ct)
            ?? throw new ServiceException(ErrorKind.NotFound, $"There is no person with the user name '{userName}'.");
        return new Actor(user.Id, user.UserName!, await GrantsInForceAsync(db, user.Id, ct)) { Address = "command line", HasSecondFactor = true };
    }

    /// <summary>Whether the person has a role that needs a second factor, and none set up: signing in leads to setting one up.</summary>
    public async Task<bool> OwesSecondFactorAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var passkeys = db.UserPasskeys;
        var isDemo = portal.Value.Demo; // The data of a demo may be served without it later: its personas are people like others then.
        return await db.Users.AnyAsync(user => user.Id == userId && !(user.IsDemoPersona && isDemo) && !user.TwoFactorEnabled && !passkeys.Any(passkey => passkey.UserId == userId), ct)
            && (await GrantsInForceAsync(db, userId, ct)).Any(grant => grant.Role is PortalRole.Officer or PortalRole.Administrator or PortalRole.Auditor);
    }

    private async Task<IReadOnlyList<ActorGrant>> GrantsInForceAsync(PortalDbContext db, Guid userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.RoleGrants.Where(grant => grant.UserId == userId && grant.StartsAt <= now && (grant.EndsAt == null || now < grant.EndsAt))
            .Select(grant => new ActorGrant(grant.Role, grant.OrganisationId)).ToListAsync(ct);
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <param name="IsThis">Whether it is the session that asks.</param>
public sealed record SessionView(Guid Id, string Device, string? Address, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsThis);

/// <summary>
/// Where people are signed in. A cookie refers to a row of it, and is worth nothing without: whoever ends a session ends it on every node, from its next action on.
/// A person has so many rows at most, and rows of cookies that have run out go when anybody signs in.
/// </summary>
public sealed partial class SessionRegistry(
    IDbContextFactory<PortalDbContext> contexts, IOptions<AccountOptions> options, WallClock wall, TimeProvider clock, ILogger<SessionRegistry> log)
{
    /// <summary>Of one person; opening another one ends the one that was not used for longest.</summary>
    public const int MaxPerPerson = 100;

    /// <summary>A cookie is renewed, and seen here, about once a minute.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <param name="userId">Whom <see cref="SignInService"/> has let in.</param>
    /// <param name="userAgent">What the browser says of itself; not kept.</param>
    /// <param name="address">Its network address; null: unknown.</param>
    /// <param name="replaced">The session that this browser had until now; null: none.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>What the cookie has to name: <see cref="Actors.SessionClaim"/>.</returns>
    /// <exception cref="ServiceException">NotFound.</exception>
    public async Task<Guid> OpenAsync(Guid userId, string? userAgent, string? address, Guid? replaced, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == userId, ct) ?? throw AccountErrors.UserNotFound();
        var now = wall.Now;
        await MakeRoomAsync(db, userId, replaced, now, ct);
        var session = UserSession.Open(user, DeviceNames.Of(userAgent), address, now);
        db.UserSessions.Add(session);
        await db.SaveChangesAsync(ct);
        return session.Id;
    }

    /// <summary>Notes that it is in use. A database that can't be written keeps nobody from reading: then nothing is noted.</summary>
    public async Task SeeAsync(Guid id, string? address, CancellationToken ct)
    {
        var (now, from) = (wall.Now, UserSession.Shorten(address));
        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.UserSessions.Where(session => session.Id == id)
                .ExecuteUpdateAsync(row => row.SetProperty(session => session.SeenAt, now).SetProperty(session => session.Address, from), ct);
        }
        catch (Exception error) when (error is DbException || error.InnerException is DbException)
        {
            LogNotNoted(log, error); // PostgreSQL's provider wraps what may pass.
        }
    }

    /// <returns>The person's own, that of the asking browser first, then the one used last.</returns>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<IReadOnlyList<SessionView>> ListAsync(Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = UserSession.HashOf(await db.Users.Where(user => user.Id == userId).Select(user => user.SecurityStamp).SingleOrDefaultAsync(ct));
        var alive = OldestAlive(wall.Now);
        var sessions = await db.UserSessions.AsNoTracking().Where(session => session.UserId == userId && session.StampHash == hash && session.SeenAt >= alive)
            .OrderByDescending(session => session.SeenAt).Take(MaxPerPerson).ToListAsync(ct);
        return [.. sessions.Select(session => new SessionView(session.Id, session.Device, session.Address, session.StartedAt, session.SeenAt, session.Id == person.SessionId))
            .OrderByDescending(session => session.IsThis)];
    }

    /// <summary>Signs a browser out, from its next action on.</summary>
    /// <exception cref="ServiceException">Unauthenticated; NotFound: none of the person's, or over already.</exception>
    public async Task EndAsync(Guid id, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        if (await EndAsync(session => session.UserId == userId && session.Id == id, person, ct) == 0) throw AccountErrors.SessionNotFound();
    }

    /// <summary>Signs every browser out but the one that asks.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public Task<int> EndOthersAsync(Actor person, CancellationToken ct)
    {
        var (userId, own) = (person.RequireSignedIn(), person.SessionId);
        return EndAsync(session => session.UserId == userId && session.Id != own, person, ct);
    }

    private async Task<int> EndAsync(System.Linq.Expressions.Expression<Func<UserSession, bool>> which, Actor person, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var ended = await db.UserSessions.Where(which).OrderBy(session => session.Id).Take(MaxPerPerson * 2).ToListAsync(ct);
        if (ended.Count == 0) return 0;
        db.UserSessions.RemoveRange(ended);
        foreach (var session in ended)
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.SessionEnded, person, "user", session.UserId, clock.GetUtcNow(), $"{session.Device}, {session.Address}"));
        try
        {
            await db.SaveChangesAsync(ct);
            return ended.Count;
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw AccountErrors.SessionsChanged();
        }
    }

    private async Task MakeRoomAsync(PortalDbContext db, Guid userId, Guid? replaced, DateTimeOffset now, CancellationToken ct)
    {
        var alive = OldestAlive(now);
        await db.UserSessions.Where(session => session.SeenAt < alive || session.Id == replaced).ExecuteDeleteAsync(ct);
        var surplus = await db.UserSessions.Where(session => session.UserId == userId).OrderByDescending(session => session.SeenAt).ThenBy(session => session.Id)
            .Skip(MaxPerPerson - 1).Select(session => session.Id).ToListAsync(ct);
        if (surplus.Count > 0) await db.UserSessions.Where(session => surplus.Contains(session.Id)).ExecuteDeleteAsync(ct);
    }

    private DateTimeOffset OldestAlive(DateTimeOffset now) => now - options.Value.SessionTime - Slack;

    [LoggerMessage(Level = LogLevel.Warning, Message = "When a session was last used could not be noted")]
    private static partial void LogNotNoted(ILogger logger, Exception error);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Begins and undoes the removal of a person. What locks comes first, at once; what can't be undone waits (<see cref="RemovalJob"/>).</summary>
public sealed class RemovalService(
    IDbContextFactory<PortalDbContext> contexts, RemovalLocks locks, RemovalMails mails, IOptions<RemovalOptions> options, TimeProvider clock)
{
    private const int MaxReason = 500;

    /// <summary>Signing in and MyProxy are locked, sessions closed, open requests withdrawn. Certificates stay valid until it is carried out.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden, NotFound; Invalid beside Reason; Conflict: oneself, the last administrator, begun already.</exception>
    public async Task<PersonRemoval> BeginAsync(Guid userId, string? reason, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var user = await RemovalRights.RequireAsync(db, userId, actor, now, ct);
        if (reason?.Trim() is not { Length: > 0 and <= MaxReason } words) throw RemovalErrors.ReasonMissing();
        if (await db.PersonRemovals.AnyAsync(open => open.OpenUserId == userId, ct)) throw RemovalErrors.Pending();

        var removal = PersonRemoval.Begin(user, words, actor, options.Value.RemovalGrace, now);
        db.PersonRemovals.Add(removal);
        await locks.LockAsync(db, user, actor, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RemovalBegun, actor, "user", userId, now, $"{user.UserName}: {words}; due {removal.DueAt:u}"));
        mails.AddBegun(db, user, removal);
        await SaveAsync(db, RemovalErrors.Pending, ct);
        return removal;
    }

    /// <summary>The person may sign in and log on again, as before. Requests that were open have to be made anew.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden, NotFound; Conflict: too late, or undone already.</exception>
    public async Task UndoAsync(Guid removalId, Actor actor, CancellationToken ct)
    {
        RemovalRights.RequireOffice(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var removal = await db.PersonRemovals.SingleOrDefaultAsync(candidate => candidate.Id == removalId, ct);
        if (removal is null || !RemovalRights.MaySee(actor, removal.OrganisationId)) throw RemovalErrors.NotFound();
        if (removal.Status is not RemovalStatus.Pending) throw RemovalErrors.TooLate();
        var user = await db.Users.SingleAsync(candidate => candidate.Id == removal.UserId, ct);
        var now = clock.GetUtcNow();

        removal.Undo(actor, now);
        await locks.LiftAsync(db, user, removal, actor, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RemovalUndone, actor, "user", user.Id, now, user.UserName));
        mails.AddUndone(db, user, removal);
        await SaveAsync(db, RemovalErrors.TooLate, ct);
    }

    private static async Task SaveAsync(PortalDbContext db, Func<ServiceException> tooLate, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw tooLate();
        }
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What people may do about namespaces of their own without anybody else: let go of them. And what becomes of them when their owner goes.</summary>
public sealed class NamespaceOwnership(IDbContextFactory<PortalDbContext> contexts, NamespaceBook book, TimeProvider clock)
{
    /// <summary>Takes back a claim that nobody has decided on.</summary>
    /// <exception cref="ServiceException">Unauthenticated; NotFound: no claim of this person; Conflict: decided already, perhaps a moment ago.</exception>
    public Task RetractAsync(Guid id, Actor owner, CancellationToken ct) => EndAsync(id, owner, claim => claim.Retract(owner, clock.GetUtcNow()), ct);

    /// <summary>Ends a namespace in force. Certificates stay valid.</summary>
    /// <exception cref="ServiceException">Unauthenticated; NotFound: none of this person; Conflict: not in force.</exception>
    public Task GiveUpAsync(Guid id, Actor owner, CancellationToken ct) => EndAsync(id, owner, claim => claim.GiveUp(owner, clock.GetUtcNow()), ct);

    /// <summary>Ends every claim of somebody who is removed, in one unit of work. Nobody is mailed.</summary>
    /// <exception cref="ServiceException">Forbidden; Conflict: somebody decided on one of them at the same moment.</exception>
    public async Task EndAllAsync(Guid ownerId, string note, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claims = await db.AcmeNamespaces.Where(claim => claim.OwnerId == ownerId && (claim.State == AcmeNamespaceState.Asked || claim.State == AcmeNamespaceState.Approved)).ToListAsync(ct);
        foreach (var claim in claims)
        {
            claim.EndWithOwner(note, actor, clock.GetUtcNow());
            Record(db, claim, actor);
        }

        await SaveAsync(db, ct);
    }

    private async Task EndAsync(Guid id, Actor owner, Action<AcmeNamespace> end, CancellationToken ct)
    {
        var person = owner.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claim = await db.AcmeNamespaces.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.OwnerId == person, ct) ?? throw NamespaceErrors.NotFound();
        end(claim);
        Record(db, claim, owner);
        await SaveAsync(db, ct);
    }

    private void Record(PortalDbContext db, AcmeNamespace claim, Actor actor) =>
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeNamespaceWithdrawn, actor, "namespace", claim.Id, clock.GetUtcNow(), $"{claim.Suffix}, challenge {claim.Challenge}. {claim.Note}"));

    private async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw NamespaceErrors.DecidedMeanwhile();
        }

        book.Forget();
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What people may do about namespaces of their own without anybody else: let go of them.</summary>
public sealed class NamespaceOwnership(IDbContextFactory<PortalDbContext> contexts, NamespaceBook book, TimeProvider clock)
{
    /// <summary>Takes back a claim that nobody has decided on.</summary>
    /// <exception cref="ServiceException">Unauthenticated; NotFound: no claim of this person; Conflict: decided already, perhaps a moment ago.</exception>
    public Task RetractAsync(Guid id, Actor owner, CancellationToken ct) => EndAsync(id, owner, claim => claim.Retract(owner, clock.GetUtcNow()), ct);

    /// <summary>Ends a namespace in force. Certificates stay valid.</summary>
    /// <exception cref="ServiceException">Unauthenticated; NotFound: none of this person; Conflict: not in force.</exception>
    public Task GiveUpAsync(Guid id, Actor owner, CancellationToken ct) => EndAsync(id, owner, claim => claim.GiveUp(owner, clock.GetUtcNow()), ct);

    private async Task EndAsync(Guid id, Actor owner, Action<AcmeNamespace> end, CancellationToken ct)
    {
        var person = owner.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claim = await db.AcmeNamespaces.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.OwnerId == person, ct) ?? throw NamespaceErrors.NotFound();
        end(claim);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeNamespaceWithdrawn, owner, "namespace", claim.Id, clock.GetUtcNow(), $"{claim.Suffix}, challenge {claim.Challenge}. {claim.Note}"));
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

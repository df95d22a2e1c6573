using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>What others may do in a person's name: namespaces, external account keys, and the consumers of delegations with what they are known by. Each ends with an audit record.</summary>
public sealed class PersonGrants(PieceByPiece pieces, NamespaceOwnership namespaces, ExternalAccountKeyService keys, ConsumerService consumers)
{
    /// <exception cref="ServiceException">Conflict: somebody else is at one of them.</exception>
    internal async Task EndAsync(Guid userId, Actor actor, CancellationToken ct)
    {
        await namespaces.EndAllAsync(userId, "The person who answered for it has been removed.", actor, ct);
        await pieces.EndAsync(db => CredentialsOf(db, userId), id => consumers.RevokeAsync(id, actor, ct), ct);
        await pieces.EndAsync(db => db.DelegationConsumers.Where(consumer => consumer.OwnerId == userId && consumer.EndedAt == null).OrderBy(consumer => consumer.Id).Select(consumer => consumer.Id), id => consumers.EndAsync(id, actor, ct), ct);
        await pieces.EndAsync(db => db.ExternalAccountKeys.Where(key => key.OwnerId == userId && key.RevokedAt == null).OrderBy(key => key.Id).Select(key => key.Id), id => keys.RevokeAsync(id, actor, ct), ct);
    }

    private static IQueryable<Guid> CredentialsOf(PortalDbContext db, Guid userId)
    {
        var own = db.DelegationConsumers.Where(consumer => consumer.OwnerId == userId);
        return db.ConsumerCredentials.Where(credential => credential.RevokedAt == null && own.Any(consumer => consumer.Id == credential.ConsumerId))
            .OrderBy(credential => credential.Id).Select(credential => credential.Id);
    }
}

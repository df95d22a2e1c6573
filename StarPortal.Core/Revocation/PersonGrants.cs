using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// What others may do in a person's name: namespaces, external account keys, and the consumers of delegations with what they are known by. Each is ended in a unit of work of its
/// own with an audit record, and what is over already is passed over: whoever is interrupted begins again.
/// </summary>
public sealed class PersonGrants(IDbContextFactory<PortalDbContext> contexts, NamespaceOwnership namespaces, ExternalAccountKeyService keys, ConsumerService consumers)
{
    private const int MaxRounds = 3;

    internal async Task EndAsync(Guid userId, Actor actor, CancellationToken ct)
    {
        await namespaces.EndAllAsync(userId, "The person who answered for it has been removed.", actor, ct);
        await EachAsync(db => CredentialsOf(db, userId), id => consumers.RevokeAsync(id, actor, ct), ct);
        await EachAsync(db => db.DelegationConsumers.Where(consumer => consumer.OwnerId == userId && consumer.EndedAt == null).OrderBy(consumer => consumer.Id).Select(consumer => consumer.Id), id => consumers.EndAsync(id, actor, ct), ct);
        await EachAsync(db => db.ExternalAccountKeys.Where(key => key.OwnerId == userId && key.RevokedAt == null).OrderBy(key => key.Id).Select(key => key.Id), id => keys.RevokeAsync(id, actor, ct), ct);
    }

    private static IQueryable<Guid> CredentialsOf(PortalDbContext db, Guid userId)
    {
        var own = db.DelegationConsumers.Where(consumer => consumer.OwnerId == userId);
        return db.ConsumerCredentials.Where(credential => credential.RevokedAt == null && own.Any(consumer => consumer.Id == credential.ConsumerId))
            .OrderBy(credential => credential.Id).Select(credential => credential.Id);
    }

    /// <summary>Somebody may use one of them at the same moment: then it is looked at again.</summary>
    /// <exception cref="ServiceException">Conflict: every time.</exception>
    private async Task EachAsync(Func<PortalDbContext, IQueryable<Guid>> find, Func<Guid, Task> end, CancellationToken ct)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                foreach (var id in await ReadAsync(find, ct)) await end(id);
                return;
            }
            catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Conflict && round < MaxRounds)
            {
            }
        }
    }

    private async Task<List<Guid>> ReadAsync(Func<PortalDbContext, IQueryable<Guid>> find, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await find(db).ToListAsync(ct);
    }
}

using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Core.Revocation;

/// <summary>What goes on by itself in a person's name: STAR orders of the person's ACME accounts, and what others run under the person's delegations.</summary>
public sealed class PersonAutomation(PieceByPiece pieces, StarOrders star, DelegatedOrderDecisions delegated, DelegationService delegations, AccountAdministration accounts)
{
    /// <summary>No further certificates; what is out lives until it ends (RFC 8739 3.1.2).</summary>
    /// <returns>How many orders were canceled.</returns>
    /// <exception cref="ServiceException">Conflict: somebody else is at one of them, again and again.</exception>
    internal async Task<int> CancelAsync(Guid userId, string reason, Actor actor, CancellationToken ct) =>
        await pieces.EndAsync(db => StarOrdersOf(db, userId), id => star.CancelAsync(id, reason, actor, ct), ct)
        + await pieces.EndAsync(db => DelegatedOrdersOf(db, userId), id => delegated.CancelAsync(id, reason, actor, ct), ct);

    /// <summary>As above, and nothing can be begun any more: delegations and accounts end, too.</summary>
    internal async Task EndAsync(Guid userId, Actor actor, CancellationToken ct)
    {
        const string Reason = "The person who answers for it has been removed.";
        await CancelAsync(userId, Reason, actor, ct);
        await pieces.EndAsync(db => DelegationsOf(db, userId), id => delegations.EndAsync(id, actor, ct), ct);
        await pieces.EndAsync(db => AccountsOf(db, userId), id => accounts.RevokeAsync(id, Reason, actor, ct), ct);
    }

    private static IQueryable<Guid> StarOrdersOf(PortalDbContext db, Guid userId)
    {
        var own = db.AcmeAccounts.Where(account => account.OwnerId == userId);
        return db.StarOrders.Where(order => order.Status == StarOrderStatus.Active && own.Any(account => account.Id == order.AccountId)).Select(order => order.Id);
    }

    private static IQueryable<Guid> DelegatedOrdersOf(PortalDbContext db, Guid userId) =>
        db.DelegatedOrders.Where(order => order.OwnerId == userId && order.Status != DelegatedOrderStatus.Canceled && order.Status != DelegatedOrderStatus.Invalid).Select(order => order.Id);

    private static IQueryable<Guid> DelegationsOf(PortalDbContext db, Guid userId) =>
        db.NameDelegations.Where(delegation => delegation.OwnerId == userId && delegation.State != DelegationState.Ended).Select(delegation => delegation.Id);

    private static IQueryable<Guid> AccountsOf(PortalDbContext db, Guid userId) =>
        db.AcmeAccounts.Where(account => account.OwnerId == userId && account.Status == AcmeAccountStatus.Valid).Select(account => account.Id);
}

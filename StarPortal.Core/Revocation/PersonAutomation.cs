using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Core.Revocation;

/// <summary>
/// What goes on by itself in a person's name: STAR orders of the person's ACME accounts, and what others run under the person's delegations. Each thing is ended in a unit of
/// work of its own, and one that is over already is passed over: whoever is interrupted begins again.
/// </summary>
public sealed class PersonAutomation(
    IDbContextFactory<PortalDbContext> contexts, StarOrders star, DelegatedOrderDecisions delegated, DelegationService delegations, AccountAdministration accounts)
{
    /// <summary>No further certificates; what is out lives until it ends (RFC 8739 3.1.2).</summary>
    /// <returns>How many orders were canceled.</returns>
    internal async Task<int> CancelAsync(Guid userId, string reason, Actor actor, CancellationToken ct)
    {
        var canceled = 0;
        foreach (var id in await FindStarAsync(userId, ct)) canceled += await TryAsync(() => star.CancelAsync(id, reason, actor, ct));
        foreach (var id in await FindDelegatedAsync(userId, ct)) canceled += await TryAsync(() => delegated.CancelAsync(id, reason, actor, ct));
        return canceled;
    }

    /// <summary>As above, and nothing can be begun any more: delegations and accounts end, too.</summary>
    internal async Task EndAsync(Guid userId, Actor actor, CancellationToken ct)
    {
        const string Reason = "The person who answers for it has been removed.";
        await CancelAsync(userId, Reason, actor, ct);
        foreach (var id in await FindDelegationsAsync(userId, ct)) await TryAsync(() => delegations.EndAsync(id, actor, ct));
        foreach (var id in await FindAccountsAsync(userId, ct)) await TryAsync(() => accounts.RevokeAsync(id, Reason, actor, ct));
    }

    private async Task<List<Guid>> FindStarAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var own = db.AcmeAccounts.Where(account => account.OwnerId == userId);
        return await db.StarOrders.Where(order => order.Status == StarOrderStatus.Active && own.Any(account => account.Id == order.AccountId)).Select(order => order.Id).ToListAsync(ct);
    }

    private async Task<List<Guid>> FindDelegatedAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegatedOrders.Where(order => order.OwnerId == userId && order.Status != DelegatedOrderStatus.Canceled && order.Status != DelegatedOrderStatus.Invalid)
            .Select(order => order.Id).ToListAsync(ct);
    }

    private async Task<List<Guid>> FindDelegationsAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.NameDelegations.Where(delegation => delegation.OwnerId == userId && delegation.State != DelegationState.Ended).Select(delegation => delegation.Id).ToListAsync(ct);
    }

    private async Task<List<Guid>> FindAccountsAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeAccounts.Where(account => account.OwnerId == userId && account.Status == AcmeAccountStatus.Valid).Select(account => account.Id).ToListAsync(ct);
    }

    /// <returns>1, or 0 when it was over already.</returns>
    private static async Task<int> TryAsync(Func<Task> end)
    {
        try
        {
            await end();
            return 1;
        }
        catch (AcmeException refused) when (refused.Type is AcmeProblemType.AutoRenewalCancellationInvalid)
        {
            return 0;
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Conflict)
        {
            return 0;
        }
    }
}

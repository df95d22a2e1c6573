using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>Cancellation by a person: who answers for the account, and administrators.</summary>
public sealed class StarCancellation(IDbContextFactory<PortalDbContext> contexts, StarOrders orders)
{
    public const string ReasonField = "Reason";

    private const int LongestReason = 500;

    /// <param name="reason">Who has the account did not do it, so it is told why; may be empty when its owner does.</param>
    /// <exception cref="ServiceException">Unauthenticated; NotFound, also for what is none of the actor's business; Forbidden for auditors; Invalid beside the field; Conflict: it is over already.</exception>
    public async Task CancelAsync(Guid orderId, string? reason, Actor actor, CancellationToken ct)
    {
        var isOwn = await RequireAsync(orderId, actor, ct);
        var words = reason?.Trim() ?? "";
        if (words.Length == 0 && !isOwn) throw new ServiceException(ErrorKind.Invalid, "Say why: who ordered asks you.", ReasonField);
        if (words.Length > LongestReason) throw new ServiceException(ErrorKind.Invalid, $"Say it in {LongestReason} characters.", ReasonField);
        try
        {
            await orders.CancelAsync(orderId, words.Length > 0 ? words : "Its owner canceled it.", actor, ct);
        }
        catch (AcmeException refused) when (refused.Type is AcmeProblemType.AutoRenewalCancellationInvalid)
        {
            throw new ServiceException(ErrorKind.Conflict, refused.Message);
        }
    }

    internal static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such STAR order.");

    /// <returns>Whether the actor answers for the account.</returns>
    private async Task<bool> RequireAsync(Guid orderId, Actor actor, CancellationToken ct)
    {
        actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var accountId = await StarOrderSearch.Visible(db, actor).Where(order => order.Id == orderId).Select(order => (Guid?)order.AccountId).SingleOrDefaultAsync(ct) ?? throw NotFound();
        var isOwn = await db.AcmeAccounts.AnyAsync(account => account.Id == accountId && account.OwnerId == actor.Id, ct);
        if (!isOwn) actor.RequireAdministrator();
        return isOwn;
    }
}

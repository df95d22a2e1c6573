using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Ends requests whose e-mail address nobody has confirmed in time, says so to that address, and frees the user name.</summary>
public sealed class UnconfirmedExpiryJob(
    IDbContextFactory<PortalDbContext> contexts, RequesterAccounts accounts, EnrollmentMails mails, IOptions<EnrollmentOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "unconfirmed-expiry";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var expired = 0;
        foreach (var id in await FindDueAsync(ct))
        {
            if (await ExpireAsync(id, ct)) expired++;
        }

        return $"{expired} unconfirmed requests expired";
    }

    private async Task<List<Guid>> FindDueAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - options.Value.ConfirmationTime;
        return await db.EnrollmentRequests.Where(request => request.Status == RequestStatus.AwaitingConfirmation && request.SubmittedAt <= before)
            .OrderBy(request => request.SubmittedAt).Select(request => request.Id).ToListAsync(ct);
    }

    /// <returns>Whether it was expired here: somebody may have confirmed or withdrawn it meanwhile.</returns>
    private async Task<bool> ExpireAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var request = await db.EnrollmentRequests.SingleOrDefaultAsync(found => found.Id == id && found.Status == RequestStatus.AwaitingConfirmation, ct);
        if (request is null) return false;
        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        var (actor, now) = (Actor.System(Name), clock.GetUtcNow());

        request.Expire(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestExpired, actor, "request", id, now, "e-mail address not confirmed"));
        mails.AddExpired(db, request, organisation, options.Value.ConfirmationTime);
        await accounts.RemoveUnusedAsync(db, request, actor, ct);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            return false;
        }
    }
}

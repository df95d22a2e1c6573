using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Approval;

/// <summary>Tells officers, once a week, that the CA outside has not answered for <see cref="ExternalCaMailOptions.SilentAfter"/>: nobody else would notice.</summary>
public sealed class CaSilenceJob(IDbContextFactory<PortalDbContext> contexts, CaMailNews news, IOptions<ApprovalOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "ca-silence";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var before = now - options.Value.ExternalCa.SilentAfter;
        var waiting = await db.EnrollmentRequests.AsNoTracking().Where(request => request.Status == RequestStatus.Approved && request.SentToCaAt <= before)
            .GroupBy(request => request.OrganisationId).Select(group => new { Organisation = group.Key, Count = group.Count(), Since = group.Min(request => request.SentToCaAt) }).ToListAsync(ct);
        if (waiting.Count == 0) return "none waiting for the CA outside for long";
        var told = await news.TellOfSilenceAsync([.. waiting.Select(organisation => (Guid?)organisation.Organisation)], now - waiting.Min(organisation => organisation.Since)!.Value, ct);
        return $"{waiting.Sum(organisation => organisation.Count)} waiting for the CA outside for long; {told} people told";
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Audit;

/// <param name="Records">Newest first.</param>
/// <param name="OlderThan">The next page is <c>before</c> this number; null at the end.</param>
/// <param name="LookedBackTo">With a text filter: the oldest number that this page looked at; null when it looked at all there is.</param>
public sealed record AuditPage(IReadOnlyList<AuditRecord> Records, long? OlderThan, long? LookedBackTo);

/// <summary>Reading the log, for auditors and administrators.</summary>
public sealed class AuditSearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    /// <summary>No index serves a search within text: one page looks at this many records and says where it stopped.</summary>
    public const int TextWindow = 100_000;

    /// <param name="before">Only records with a lower number; null for the newest.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid for a range that ends before it begins.</exception>
    public async Task<AuditPage> SearchAsync(AuditFilter filter, long? before, Actor actor, CancellationToken ct)
    {
        actor.RequireReader();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var matching = await AuditQuery.MatchingAsync(db, filter, ct);
        if (before is { } limit) matching = matching.Where(record => record.Sequence < limit);

        var floor = string.IsNullOrWhiteSpace(filter.Text) ? 0 : await WindowFloorAsync(db, filter, before, ct);
        if (floor > 0) matching = matching.Where(record => record.Sequence >= floor);
        var records = await matching.OrderByDescending(record => record.Sequence).Take(PageSize + 1).ToListAsync(ct);

        if (records.Count > PageSize) return new AuditPage(records[..PageSize], records[PageSize - 1].Sequence, LookedBackTo: null);
        return new AuditPage(records, floor > 1 ? floor : null, floor > 1 ? floor : null);
    }

    /// <summary>Where the window of a text search ends that begins at the newest record of the range.</summary>
    private static async Task<long> WindowFloorAsync(PortalDbContext db, AuditFilter filter, long? before, CancellationToken ct)
    {
        var range = await AuditQuery.MatchingAsync(db, filter with { Text = null, Action = null, ActorName = null, About = null }, ct);
        if (before is { } limit) range = range.Where(record => record.Sequence < limit);
        var newest = await range.OrderByDescending(record => record.Sequence).Select(record => record.Sequence).FirstOrDefaultAsync(ct);
        return Math.Max(0, newest - TextWindow);
    }
}

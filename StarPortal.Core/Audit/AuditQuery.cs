using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Audit;

/// <summary>A filter as a query that an index serves at a million rows.</summary>
internal static class AuditQuery
{
    /// <summary>Instants are taken before the writers take turns, so the order of time and of numbers may differ by moments.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    /// <summary>The records that match, in no order.</summary>
    public static async Task<IQueryable<AuditRecord>> MatchingAsync(PortalDbContext db, AuditFilter filter, CancellationToken ct)
    {
        if (filter.From > filter.To) throw AuditErrors.BadRange();
        var records = await InRangeAsync(db, filter, ct);
        if (filter.Action is { } action) records = records.Where(record => record.Action == action);
        if (Given(filter.ActorName) is { } actor) records = records.Where(record => record.ActorName == actor);
        if (Given(filter.About) is { } wanted) records = About(records, wanted);
        if (Given(filter.Text)?.ToLowerInvariant() is { } text)
            records = records.Where(record => record.ActorName.ToLower().Contains(text) || record.ObjectId.ToLower().Contains(text) || (record.Detail != null && record.Detail.ToLower().Contains(text)));
        return records;
    }

    /// <summary>Days become numbers first (two look-ups in the index of instants): a walk along the numbers then starts at the right place.</summary>
    private static async Task<IQueryable<AuditRecord>> InRangeAsync(PortalDbContext db, AuditFilter filter, CancellationToken ct)
    {
        var records = db.AuditRecords.AsNoTracking();
        if (filter.FromInstant is { } from)
        {
            var early = from - Slack;
            var first = await db.AuditRecords.Where(record => record.At >= early).OrderBy(record => record.At).ThenBy(record => record.Sequence)
                .Select(record => (long?)record.Sequence).FirstOrDefaultAsync(ct) ?? long.MaxValue;
            records = records.Where(record => record.Sequence >= first && record.At >= from);
        }

        if (filter.ToInstant is { } to)
        {
            var late = to + Slack;
            var last = await db.AuditRecords.Where(record => record.At < late).OrderByDescending(record => record.At).ThenByDescending(record => record.Sequence)
                .Select(record => (long?)record.Sequence).FirstOrDefaultAsync(ct) ?? 0;
            records = records.Where(record => record.Sequence <= last && record.At < to);
        }

        return records;
    }

    private static IQueryable<AuditRecord> About(IQueryable<AuditRecord> records, string wanted)
    {
        var slash = wanted.IndexOf('/', StringComparison.Ordinal);
        var (type, id) = slash < 0 ? ("", wanted) : (wanted[..slash], wanted[(slash + 1)..]);
        if (id.Length == 0) return records.Where(record => record.ObjectType == type);
        return type.Length == 0 ? records.Where(record => record.ObjectId == id) : records.Where(record => record.ObjectId == id && record.ObjectType == type);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Audit;

/// <summary>Proves that the log is as it was written: every record has its hash and follows the one before it.</summary>
public sealed class AuditVerifier(IDbContextFactory<PortalDbContext> contexts)
{
    private const int BatchSize = 2000;

    /// <summary>Walks the database's log in batches.</summary>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken ct)
    {
        var walk = new AuditWalk(mayStartLater: false);
        long last = 0;
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var (batch, unreadable) = await ReadAsync(db, last, ct);
            foreach (var record in batch)
            {
                if (walk.Step(record) is { } found) return walk.Verdict(await ExplainAsync(db, record, found, ct));
                last = record.Sequence;
            }

            if (unreadable is not null) return walk.Verdict(unreadable);
            if (batch.Count == 0) return walk.Verdict(found: null);
        }
    }

    /// <summary>Verifies an export in JSON without any database, as a stream.</summary>
    /// <exception cref="ServiceException">Invalid: the file is not an export.</exception>
    public static async Task<AuditVerdict> VerifyFileAsync(Stream export, CancellationToken ct)
    {
        var walk = new AuditWalk(mayStartLater: true);
        try
        {
            await foreach (var json in JsonSerializer.DeserializeAsyncEnumerable<AuditRecordJson>(export, AuditRecordJson.Options, ct))
            {
                if (json is null) throw AuditErrors.NotAnExport("it holds null.");
                if (walk.Step(AuditRecord.Restore(json)) is { } found) return walk.Verdict(found);
            }
        }
        catch (JsonException error)
        {
            throw AuditErrors.NotAnExport(error.Message);
        }

        return walk.Verdict(found: null);
    }

    /// <summary>The hash of one record: to compare with a head that was noted down before.</summary>
    public async Task<string?> FindHashAsync(long sequence, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AuditRecords.Where(record => record.Sequence == sequence).Select(record => record.Hash).SingleOrDefaultAsync(ct);
    }

    private static IQueryable<AuditRecord> After(PortalDbContext db, long sequence) =>
        db.AuditRecords.AsNoTracking().Where(record => record.Sequence > sequence).OrderBy(record => record.Sequence);

    /// <summary>A row that can't even be read (an action that does not exist, text where a number belongs) is an edited one.</summary>
    private static async Task<(List<AuditRecord> Batch, AuditBreak? Unreadable)> ReadAsync(PortalDbContext db, long last, CancellationToken ct)
    {
        try
        {
            return (await After(db, last).Take(BatchSize).ToListAsync(ct), null);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return await ReadOneByOneAsync(db, last, ct);
        }
    }

    private static async Task<(List<AuditRecord> Batch, AuditBreak? Unreadable)> ReadOneByOneAsync(PortalDbContext db, long last, CancellationToken ct)
    {
        List<AuditRecord> batch = [];
        var numbers = await After(db, last).Select(record => record.Sequence).Take(BatchSize).ToListAsync(ct);
        foreach (var number in numbers)
        {
            try
            {
                batch.Add(await db.AuditRecords.AsNoTracking().SingleAsync(record => record.Sequence == number, ct));
            }
            catch (Exception error) when (IsUnreadable(error))
            {
                return (batch, new AuditBreak(number, AuditBreakKind.Edited, $"Record {number} was edited: {error.Message}"));
            }
        }

        return (batch, null);
    }

    private static bool IsUnreadable(Exception error) => error is InvalidOperationException or FormatException or InvalidCastException or ArgumentException or OverflowException;

    /// <summary>A record whose own predecessor is still there, elsewhere, and whose hash fits there, was moved and not edited.</summary>
    private static async Task<AuditBreak> ExplainAsync(PortalDbContext db, AuditRecord record, AuditBreak found, CancellationToken ct)
    {
        if (found.Kind is not AuditBreakKind.Edited) return found;
        var place = await PlaceOfAsync(db, record, ct);
        return place is { } sequence && sequence != record.Sequence
            ? found with { Kind = AuditBreakKind.Reordered, Reason = $"Record {record.Sequence} was moved: it was written as record {sequence}." }
            : found;
    }

    /// <summary>Tries the numbers around the records that could have stood before this one.</summary>
    private static async Task<long?> PlaceOfAsync(PortalDbContext db, AuditRecord record, CancellationToken ct)
    {
        await foreach (var sequence in db.AuditRecords.OrderBy(other => other.Sequence).Select(other => other.Sequence).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (record.ComputeHashAs(sequence) == record.Hash) return sequence;
        }

        return null;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Audit;

/// <summary>The log as a file, oldest first, read and written in batches: memory does not grow with the log.</summary>
public sealed class AuditExport(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int BatchSize = 1000;

    /// <summary>An array of <see cref="AuditRecordJson"/>: verifiable by <see cref="AuditVerifier.VerifyFileAsync"/> when nothing was filtered out.</summary>
    public async Task WriteJsonAsync(AuditFilter filter, Stream destination, Actor actor, CancellationToken ct)
    {
        await AllowAsync(filter, "JSON", actor, ct);
        var separator = "[\n"u8.ToArray();
        await foreach (var batch in BatchesAsync(filter, ct))
        {
            foreach (var record in batch)
            {
                await destination.WriteAsync(separator, ct);
                await JsonSerializer.SerializeAsync(destination, AuditRecordJson.Of(record), AuditRecordJson.Options, ct);
                separator = ",\n"u8.ToArray();
            }

            await destination.FlushAsync(ct);
        }

        await destination.WriteAsync(separator[0] == (byte)'[' ? "[]\n"u8.ToArray() : "\n]\n"u8.ToArray(), ct);
    }

    /// <summary>RFC 4180, UTF-8, with a header line; cells that a spreadsheet would take for a formula begin with an apostrophe.</summary>
    public async Task WriteCsvAsync(AuditFilter filter, Stream destination, Actor actor, CancellationToken ct)
    {
        await AllowAsync(filter, "CSV", actor, ct);
        await using var writer = new StreamWriter(destination, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync("sequence,at,action,actor,address,objectType,objectId,detail,hash");
        await foreach (var batch in BatchesAsync(filter, ct))
        {
            foreach (var record in batch) await writer.WriteLineAsync(Line(record));
            await writer.FlushAsync(ct);
        }
    }

    /// <summary>Who took which records is itself part of the log, from before the first byte leaves.</summary>
    private async Task AllowAsync(AuditFilter filter, string form, Actor actor, CancellationToken ct)
    {
        actor.RequireReader();
        if (filter.From > filter.To) throw AuditErrors.BadRange();
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AuditExported, actor, "audit", form, clock.GetUtcNow(), filter.ToString()));
        await db.SaveChangesAsync(ct);
    }

    private async IAsyncEnumerable<IReadOnlyList<AuditRecord>> BatchesAsync(AuditFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        long last = 0;
        while (true)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var matching = await AuditQuery.MatchingAsync(db, filter, ct);
            var after = last;
            var batch = await matching.Where(record => record.Sequence > after).OrderBy(record => record.Sequence).Take(BatchSize).ToListAsync(ct);
            if (batch.Count == 0) yield break;
            yield return batch;
            last = batch[^1].Sequence;
        }
    }

    private static string Line(AuditRecord record) => string.Join(',', new[]
    {
        record.Sequence.ToString(CultureInfo.InvariantCulture), record.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        record.Action.ToString(), record.ActorName, record.ActorAddress ?? "", record.ObjectType, record.ObjectId, record.Detail ?? "", record.Hash,
    }.Select(Cell));

    private static string Cell(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>
/// Issues slot i at notBefore[i] (RFC 8739 3.3, 3.5). Orders that are due are found by an index, judged, signed on all cores and written in one
/// transaction; while one batch is signed the next is read and the last written. What was late is caught up with slot by slot, so that none is left
/// out. A batch that collides with a cancellation or another node is written order by order. Benchmark: <c>star</c>.
/// </summary>
public sealed partial class RenewalEngine(
    IDbContextFactory<PortalDbContext> contexts, RenewalChecks checks, StarIssuer issuer, StarPublication publication, IOptions<StarOptions> options, TimeProvider clock, ILogger<RenewalEngine> logger) : IAsyncDisposable
{
    /// <summary>Found by one question: its answer is read while they are worked on.</summary>
    internal const int BatchesAtOnce = 20;

    /// <summary>Of one order in one transaction: after an outage an order with short lifetimes has many slots due.</summary>
    private const int MaxSlots = 100;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    private static readonly Actor Engine = Actor.System("star-renewal");

    private RowWriter? writer;

    /// <summary>What is due, up to <see cref="BatchesAtOnce"/> batches. One caller at a time.</summary>
    /// <returns>How many orders were due: with <see cref="BatchesAtOnce"/> full batches there may be more.</returns>
    /// <exception cref="DbUpdateException">The database refuses to write; what is due stays due.</exception>
    public async Task<int> RenewDueAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var orders = db.StarOrders.AsNoTracking().Where(order => order.DueAt <= now).OrderBy(order => order.DueAt).Take(options.Value.RenewalBatch * BatchesAtOnce).AsAsyncEnumerable();
        await using var due = orders.GetAsyncEnumerator(ct);
        var (count, reading, writing) = (0, ReadAsync(due), Task.CompletedTask);
        try
        {
            while (await reading is { Count: > 0 } batch)
            {
                count += batch.Count;
                reading = Task.Run(() => ReadAsync(due), CancellationToken.None);
                var renewals = await JudgeAsync(batch, ct);
                Sign(renewals, now, ct);
                await writing;
                writing = Task.Run(() => WriteAsync(renewals, now, ct), CancellationToken.None);
            }
        }
        finally
        {
            await Task.WhenAll(reading, writing);
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        if (writer is null) return;
        await writer.DisposeAsync();
        writer = null;
    }

    /// <returns>The next batch; empty when none is left.</returns>
    private async Task<List<StarOrder>> ReadAsync(IAsyncEnumerator<StarOrder> due)
    {
        var startedAt = Stopwatch.GetTimestamp();
        List<StarOrder> batch = [];
        while (batch.Count < options.Value.RenewalBatch && await due.MoveNextAsync()) batch.Add(due.Current);
        if (batch.Count > 0) publication.CountStep("read", startedAt);
        return batch;
    }

    private async Task<Renewal[]> JudgeAsync(List<StarOrder> due, CancellationToken ct)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var renewals = new Renewal[due.Count];
        for (var i = 0; i < renewals.Length; i++) renewals[i] = new Renewal(due[i], await checks.JudgeAsync(due[i], ct));
        publication.CountStep("judge", startedAt);
        return renewals;
    }

    private void Sign(Renewal[] renewals, DateTimeOffset now, CancellationToken ct)
    {
        var startedAt = Stopwatch.GetTimestamp();
        Parallel.ForEach(renewals, new ParallelOptions { CancellationToken = ct }, renewal => Prepare(renewal, now));
        publication.CountStep("sign", startedAt);
    }

    private async Task WriteAsync(Renewal[] renewals, DateTimeOffset now, CancellationToken ct)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await SaveAsync(renewals, now, ct);
        publication.CountStep("write", startedAt);
        publication.Count(renewals, now);
        foreach (var renewal in renewals.Where(renewal => renewal.Verdict.IsFinal)) await publication.EndAsync(renewal.Before, renewal.Verdict.Reason!, Engine, ct);
    }

    /// <summary>Signs what is due of an order, or says when it is tried again.</summary>
    private void Prepare(Renewal renewal, DateTimeOffset now)
    {
        if (renewal.Verdict.IsFinal) return;
        if (renewal.Verdict.Reason is { } reason)
        {
            renewal.Delay(reason, NextTry(renewal.Before, now), now);
            return;
        }

        try
        {
            renewal.Sign(issuer, MaxSlots, now);
        }
        catch (Exception refused) when (refused is AcmeException or ServiceException)
        {
            renewal.Delay(refused.Message, NextTry(renewal.Before, now), now);
        }
        catch (CryptographicException failed)
        {
            LogFailed(failed, renewal.Before.Id);
            renewal.Delay("Signing failed for a reason of this server's own; it has been logged.", NextTry(renewal.Before, now), now);
        }
    }

    /// <summary>After a minute, then at growing distances, an hour at most.</summary>
    private static DateTimeOffset NextTry(StarOrder order, DateTimeOffset now)
    {
        var standing = order.TroubleSince is { } since ? now - since : TimeSpan.Zero;
        return now + TimeSpan.FromTicks(Math.Clamp(standing.Ticks, FirstRetry.Ticks, LongestRetry.Ticks));
    }

    private async Task SaveAsync(Renewal[] renewals, DateTimeOffset now, CancellationToken ct)
    {
        var written = renewals.Where(renewal => renewal.After is not null).ToList();
        if (written.Count == 0 || await TrySaveAsync(written, now) is null) return;
        foreach (var renewal in written)
        {
            ct.ThrowIfCancellationRequested();
            await SaveAloneAsync(renewal, now);
        }
    }

    /// <summary>An order that is refused for its own sake waits, and is shown as such. When that is refused as well, it is not the order's fault.</summary>
    /// <exception cref="DbUpdateException">The database refuses everything: its disk is full, or the like.</exception>
    private async Task SaveAloneAsync(Renewal renewal, DateTimeOffset now)
    {
        if (await TrySaveAsync([renewal], now) is not { } error) return;
        if (RowConflict.IsLostRace(error))
        {
            renewal.Lose();
            return;
        }

        renewal.Delay("The database refuses the next certificate; what it said has been logged.", now + FirstRetry, now);
        if (await TrySaveAsync([renewal], now) is null) LogRefused(error, renewal.Before.Id);
        else throw new DbUpdateException("Renewals cannot be written.", error);
    }

    /// <returns>What went wrong; null when all is saved.</returns>
    private async Task<Exception?> TrySaveAsync(IReadOnlyList<Renewal> renewals, DateTimeOffset now)
    {
        try
        {
            writer ??= new RowWriter(await contexts.CreateDbContextAsync());
            List<RowChange> changes = [.. renewals.Select(renewal => new RowChange(renewal.Before, renewal.After!))]; // One kind after the other: so they go fastest.
            changes.AddRange(renewals.SelectMany(renewal => renewal.Certificates).Select(certificate => new RowChange(null, certificate)));
            if (Describe(renewals, now) is { } record) changes.Add(new RowChange(null, record));
            changes.AddRange(renewals.Where(renewal => renewal.IsNewTrouble).Select(renewal => new RowChange(null, AuditRecord.Of(
                AuditAction.StarRenewalDelayed, Engine, "acme-order", renewal.Before.Id, now, $"{renewal.Before.Names.Replace('\n', ' ')}: {renewal.After!.Trouble}"))));
            await writer.SaveAsync(changes);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is: the writer is of no use any more, and the orders stay due.
        catch (Exception error)
        {
            await DisposeAsync();
            return error;
        }
#pragma warning restore CA1031
    }

    /// <summary>One audit row for the certificates of a transaction, which their digest names: order, slot and serial number, a line each, in this sequence.</summary>
    private static AuditRecord? Describe(IReadOnlyList<Renewal> renewals, DateTimeOffset now)
    {
        var certificates = renewals.SelectMany(renewal => renewal.Certificates).ToList();
        if (certificates.Count == 0) return null;
        var lines = string.Join('\n', certificates.Select(certificate => $"{certificate.OrderId:N} {certificate.Slot} {certificate.SerialNumber}"));
        return certificates is [var only]
            ? AuditRecord.Of(AuditAction.StarCertificatesIssued, Engine, "acme-order", only.OrderId, now, $"Slot {only.Slot}: {only.SerialNumber}, ends {only.NotAfter:u}")
            : AuditRecord.Of(AuditAction.StarCertificatesIssued, Engine, "star", "renewal", now, $"{certificates.Count} certificates of {renewals.Count} orders, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(lines)))}");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The next certificate of STAR order {Order} could not be signed")]
    private partial void LogFailed(Exception error, Guid order);

    [LoggerMessage(Level = LogLevel.Error, Message = "The next certificate of STAR order {Order} could not be written")]
    private partial void LogRefused(Exception error, Guid order);
}

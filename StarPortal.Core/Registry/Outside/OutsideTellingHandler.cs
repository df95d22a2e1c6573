using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>
/// Tells the outside registry of one change. It is never given up: after the outbox's waits it is tried every hour. Changes of one person go in their order, and as soon
/// as it takes anything again, all that waited for it goes at once.
/// </summary>
internal sealed class OutsideTellingHandler(IDbContextFactory<PortalDbContext> contexts, OutsideRegistry outside, RegistryMetrics metrics, IOptions<RegistryOptions> options, TimeProvider clock) : IOutboxHandler
{
    private static readonly TimeSpan LastWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    public string Kind => OutsideTelling.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (options.Value.Outside.IsConfigured && !await IsOvertakenAsync(db, item, ct))
        {
            await RequireTurnAsync(db, item, ct);
            await TellAsync(item, item.Read<OutsideTelling>(), ct);
            await HastenAsync(db, ct);
        }

        item.ClearPayload(); // It names a person.
    }

    private async Task TellAsync(OutboxItem item, OutsideTelling telling, CancellationToken ct)
    {
        var verb = OutsideTelling.VerbOf(telling.Verb);
        try
        {
            await outside.TellAsync(item.Key, telling, ct);
            metrics.CountTelling(verb, "ok");
        }
        catch (ServiceException trouble)
        {
            metrics.CountTelling(verb, trouble.Kind is ErrorKind.Unavailable ? "away" : "refused");
            if (item.Attempts >= OutboxDispatcher.Backoff.Count - 1) throw new ServiceException(ErrorKind.TooMany, trouble.Message) { RetryAfter = LastWait };
            throw;
        }
    }

#pragma warning disable CA1309 // The database compares.
    /// <summary>A later change of the person has been told: this one would take it back.</summary>
    private static Task<bool> IsOvertakenAsync(PortalDbContext db, OutboxItem item, CancellationToken ct) =>
        OfSamePerson(db, item).AnyAsync(other => other.Status == OutboxStatus.Done && string.Compare(other.Key, item.Key) > 0, ct);

    private async Task RequireTurnAsync(PortalDbContext db, OutboxItem item, CancellationToken ct)
    {
        var earlier = await OfSamePerson(db, item).Where(other => other.Status == OutboxStatus.Pending && string.Compare(other.Key, item.Key) < 0).OrderBy(other => other.DueAt)
            .Select(other => (DateTimeOffset?)other.DueAt).FirstOrDefaultAsync(ct);
        if (earlier is not { } due) return;
        var wait = due - clock.GetUtcNow();
        throw OutsideTelling.Waits(wait > ShortestWait ? wait : ShortestWait);
    }
#pragma warning restore CA1309

    private static IQueryable<OutboxItem> OfSamePerson(PortalDbContext db, OutboxItem item)
    {
        var prefix = OutsideTelling.PrefixOf(item.Key);
        return db.Outbox.AsNoTracking().Where(other => other.Kind == OutsideTelling.Kind && other.Key.StartsWith(prefix));
    }

    private async Task HastenAsync(PortalDbContext db, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.Outbox.Where(other => other.Kind == OutsideTelling.Kind && other.Status == OutboxStatus.Pending && other.LeasedBy == null && other.DueAt > now && other.LastError != null
                && (other.LastError.StartsWith(OutsideTelling.AwayWords) || other.LastError == OutsideTelling.WaitWords))
            .ExecuteUpdateAsync(set => set.SetProperty(other => other.DueAt, other => other.CreatedAt), ct);
    }
}

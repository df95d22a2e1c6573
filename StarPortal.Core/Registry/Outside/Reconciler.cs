using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>
/// Compares the registry with the one outside and mends what differs by telling it again. Their list is read first: who enters or leaves meanwhile is told by the change
/// itself, and is never taken for somebody unknown.
/// </summary>
public sealed class Reconciler(IDbContextFactory<PortalDbContext> contexts, OutsideRegistry outside, IOptions<RegistryOptions> options, TimeProvider clock)
{
    /// <summary>Divergences that one run mends and keeps; the next one sees to the rest.</summary>
    internal const int MostMended = 1_000;

    /// <exception cref="ServiceException">Unavailable, Conflict: its list can't be had.</exception>
    internal async Task<Reconciliation> RunAsync(Actor actor, CancellationToken ct)
    {
        var there = (await outside.ListAsync(ct)).DistinctBy(person => person.Person, StringComparer.Ordinal).ToDictionary(person => person.Person, StringComparer.Ordinal);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var here = await db.RegistryEntries.AsNoTracking().Where(entry => entry.RemovedAt == null && entry.Dn != "").ToListAsync(ct);
        var onTheWay = await OnTheWayAsync(db, ct);
        var found = Compare(here, there).Where(divergence => !onTheWay.Contains(divergence.Person)).ToList();
        var run = Reconciliation.Of(here.Count, there.Count, found, options.Value.Outside.MaxRemovals, clock.GetUtcNow());
        await ReplaceAsync(db, run, found, ct);
        await MendAsync(db, run, found, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RegistryReconciled, actor, "registry", run.Id, run.At, $"{run.Missing} missing, {run.Different} different, {run.Unknown} unknown{(run.IsHeld ? ", which wait for an administrator" : "")}"));
        await db.SaveChangesAsync(ct);
        return run;
    }

    private static IEnumerable<Divergence> Compare(List<RegistryEntry> here, Dictionary<string, OutsidePerson> there)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (var entry in here)
        {
            var person = OutsideTelling.PersonOf(entry.UserId);
            known.Add(person);
            if (!there.TryGetValue(person, out var listed)) yield return Divergence.Missing(entry);
            else if (Divergence.Between(entry, listed) is { } difference) yield return difference;
        }

        foreach (var (person, listed) in there)
            if (!known.Contains(person) && listed.State != OutsideTelling.NameOf(RegistryEntryState.Removed)) yield return Divergence.Unknown(listed);
    }

    /// <summary>People whom it is going to be told of anyway.</summary>
    private static async Task<HashSet<string>> OnTheWayAsync(PortalDbContext db, CancellationToken ct)
    {
        var keys = await db.Outbox.Where(item => item.Kind == OutsideTelling.Kind && item.Status == OutboxStatus.Pending).Select(item => item.Key).ToListAsync(ct);
        return [.. keys.Select(key => OutsideTelling.PrefixOf(key).TrimEnd(':'))];
    }

    private static async Task ReplaceAsync(PortalDbContext db, Reconciliation run, List<Divergence> found, CancellationToken ct)
    {
        db.Divergences.RemoveRange(await db.Divergences.ToListAsync(ct));
        db.Reconciliations.RemoveRange(await db.Reconciliations.ToListAsync(ct));
        db.Reconciliations.Add(run);
        foreach (var divergence in found.Take(MostMended))
        {
            divergence.BelongTo(run);
            db.Divergences.Add(divergence);
        }
    }

    private async Task MendAsync(PortalDbContext db, Reconciliation run, List<Divergence> found, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var divergence in found.Take(MostMended))
        {
            switch (divergence.Kind)
            {
                case DivergenceKind.Missing or DivergenceKind.Different:
                    await RepeatAsync(db, divergence, now, ct);
                    break;
                case DivergenceKind.Unknown when !run.IsHeld:
                    db.Outbox.Add(OutsideTelling.Removing(divergence.There(), now));
                    break;
            }
        }
    }

    private static async Task RepeatAsync(PortalDbContext db, Divergence divergence, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.RegistryEntries.FindAsync([Guid.ParseExact(divergence.Person, "N")], ct) is not { RemovedAt: null } entry) return;
        entry.Repeat();
        db.Outbox.Add(OutsideTelling.For(divergence.Kind is DivergenceKind.Missing ? OutsideVerb.Add : OutsideVerb.Update, entry, now));
    }
}

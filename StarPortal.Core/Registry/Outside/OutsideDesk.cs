using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <param name="Url">Null: there is none.</param>
/// <param name="Last">Null: not compared yet.</param>
/// <param name="Divergences">A page of them.</param>
public sealed record OutsideView(string? Url, OutsideState State, Reconciliation? Last, IReadOnlyList<Divergence> Divergences, int Total);

/// <summary>How the outside registry stands, and what an administrator does about it.</summary>
public sealed class OutsideDesk(IDbContextFactory<PortalDbContext> contexts, OutsideProbe probe, Reconciler reconciler, IOptions<RegistryOptions> options, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors.</exception>
    public async Task<OutsideView> ReadAsync(int page, Actor actor, CancellationToken ct)
    {
        RegistryRights.RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var divergences = db.Divergences.AsNoTracking().OrderByDescending(divergence => divergence.Kind).ThenBy(divergence => divergence.UserName).ThenBy(divergence => divergence.Id);
        return new(options.Value.Outside.IsConfigured ? options.Value.Outside.Url : null, await probe.ReadAsync(ct), await db.Reconciliations.AsNoTracking().OrderByDescending(run => run.At).FirstOrDefaultAsync(ct),
            await divergences.Skip((Math.Clamp(page, 1, 1_000_000) - 1) * PageSize).Take(PageSize).ToListAsync(ct), await divergences.CountAsync(ct));
    }

    /// <summary>Compares now instead of at night.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Conflict, Unavailable: its list can't be had.</exception>
    public async Task<Reconciliation> CompareAsync(Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        if (!options.Value.Outside.IsConfigured) throw new ServiceException(ErrorKind.Conflict, "No outside registry is configured.");
        try
        {
            return await reconciler.RunAsync(actor, ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw RegistryErrors.Busy();
        }
    }

    /// <summary>Removes there all whom the comparison did not find here, but for those who came meanwhile.</summary>
    /// <param name="reconciliationId">Which comparison was looked at.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Conflict: compared anew since, or approved already.</exception>
    public async Task ApproveRemovalsAsync(Guid reconciliationId, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var run = await db.Reconciliations.FindAsync([reconciliationId], ct) ?? throw RegistryErrors.NothingHeld();
        run.Approve(actor);
        var now = clock.GetUtcNow();
        var here = (await db.RegistryEntries.Where(entry => entry.RemovedAt == null && entry.Dn != "").Select(entry => entry.UserId).ToListAsync(ct)).Select(OutsideTelling.PersonOf).ToHashSet(StringComparer.Ordinal);
        var unknown = (await db.Divergences.Where(divergence => divergence.ReconciliationId == reconciliationId && divergence.Kind == DivergenceKind.Unknown).ToListAsync(ct)).FindAll(divergence => !here.Contains(divergence.Person));
        db.Outbox.AddRange(unknown.Select(divergence => OutsideTelling.Removing(divergence.There(), now)));
        await db.SaveAsync(AuditRecord.Of(AuditAction.RegistryRemovalsApproved, actor, "registry", run.Id, now, $"{unknown.Count} people"), ct);
    }
}

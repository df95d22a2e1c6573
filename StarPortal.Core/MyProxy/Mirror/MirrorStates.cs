using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

/// <summary>Keeps how it stands with each other side.</summary>
public sealed class MirrorStates(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int MaxTries = 5;

    internal async Task ChangeAsync(MirrorKind kind, string name, Action<MirrorState> change, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var state = await db.MirrorStates.SingleOrDefaultAsync(known => known.Kind == kind && known.Name == name, ct) ?? db.MirrorStates.Add(MirrorState.New(kind, name, clock.GetUtcNow())).Entity;
            change(state);
            try
            {
                await db.SaveChangesAsync(ct);
                return;
            }
            catch (DbUpdateException error) when (tries < MaxTries && RowConflict.IsLostRace(error))
            {
                // Another node was the first to hear of it.
            }
        }
    }
}

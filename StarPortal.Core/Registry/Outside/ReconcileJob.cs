using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Every night: compares with the outside registry.</summary>
public sealed class ReconcileJob(Reconciler reconciler, IOptions<RegistryOptions> options) : IPortalJob
{
    private const int MaxTries = 3;

    public string Name => "registry-reconcile";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        if (!options.Value.Outside.IsConfigured) return "no outside registry";
        for (var tries = 1; ; tries++)
        {
            try
            {
                var run = await reconciler.RunAsync(Actor.System(Name), ct);
                return $"{run.Here} people here, {run.There} there: {run.Missing} missing, {run.Different} different, {run.Unknown} unknown{(run.IsHeld ? ", which wait for an administrator" : "")}";
            }
            catch (DbUpdateException error) when (RowConflict.IsLostRace(error) && tries < MaxTries)
            {
                // Somebody entered or left in between: look again.
            }
        }
    }
}

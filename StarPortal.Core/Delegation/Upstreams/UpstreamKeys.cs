using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>The portal's accounts at other CAs, kept sealed.</summary>
public sealed class UpstreamKeys(IDbContextFactory<PortalDbContext> contexts, ServerKey serverKey, TimeProvider clock)
{
    private static readonly Actor Keeper = Actor.System("delegation");

    /// <returns>The registration with its key, which is made and kept when there is none: of several nodes that make one at once, one wins.</returns>
    public async Task<(UpstreamRegistration Registration, UpstreamKey Key)> GetAsync(string name, string directory, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await db.Set<UpstreamRegistration>().FindAsync([name], ct);
        if (known?.Directory == directory) return (known, Open(name, known.SealedKey));
        using var key = UpstreamKey.Make();
        if (known is null) db.Add(UpstreamRegistration.Create(name, directory, Seal(name, key), clock.GetUtcNow()));
        else known.Move(directory, Seal(name, key));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            // Another node was faster; what it kept is read below.
        }

        await using var again = await contexts.CreateDbContextAsync(ct);
        var kept = await again.Set<UpstreamRegistration>().AsNoTracking().SingleAsync(registration => registration.Name == name, ct);
        return (kept, Open(name, kept.SealedKey));
    }

    /// <summary>Writes a change of the registration.</summary>
    /// <param name="action">What it is written down as; null: nothing that lasts.</param>
    /// <exception cref="DbUpdateConcurrencyException">Another node changed it.</exception>
    public async Task<UpstreamRegistration> ChangeAsync(string name, Action<UpstreamRegistration> change, AuditAction? action, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var registration = await db.Set<UpstreamRegistration>().SingleAsync(known => known.Name == name, ct);
        change(registration);
        if (action is { } told) db.AuditRecords.Add(AuditRecord.Of(told, Keeper, "upstream", name, clock.GetUtcNow(), registration.AccountUrl));
        await db.SaveChangesAsync(ct);
        return registration;
    }

    /// <param name="isDone">Whether the CA has the new key.</param>
    public Task EndKeyChangeAsync(string name, bool isDone, CancellationToken ct) => ChangeAsync(name, known => known.EndKeyChange(isDone, clock.GetUtcNow()), isDone ? AuditAction.UpstreamKeyChanged : null, ct);

    public byte[] Seal(string name, UpstreamKey key) => serverKey.Seal($"upstream/{name}", key.Export());

    public UpstreamKey Open(string name, byte[] sealedKey) => UpstreamKey.Import(serverKey.Open($"upstream/{name}", sealedKey));
}

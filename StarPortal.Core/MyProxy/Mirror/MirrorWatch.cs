using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Whatever takes a credential away (removal, lock, revocation), by whatever part of the portal, is told to the other sides by rows of the same transaction. What is new or changed waits for the
/// night: giving is not urgent, taking is.
/// </summary>
public sealed class MirrorWatch(MirrorSites sites, TimeProvider clock) : SaveChangesInterceptor
{
    /// <summary>More at once is a whole run.</summary>
    private const int MostNamed = 500;

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is PortalDbContext db && sites.Targets.Count > 0) Announce(db);
        return ValueTask.FromResult(result);
    }

    private void Announce(PortalDbContext db)
    {
        var keys = db.ChangeTracker.Entries<StoredCredential>().Where(entry => IsTakenAway(entry.State, entry.OriginalValues.GetValue<string?>(nameof(StoredCredential.LockMessage)), entry.Entity))
            .Select(entry => entry.Entity.Key).ToList();
        var certificates = db.ChangeTracker.Entries<IssuedCertificate>()
            .Where(entry => entry.State is EntityState.Modified && entry.Entity.RevokedAt is not null && entry.OriginalValues.GetValue<DateTimeOffset?>(nameof(IssuedCertificate.RevokedAt)) is null)
            .Select(entry => entry.Entity.Id).ToList();
        if (keys.Count + certificates.Count == 0) return;
        foreach (var target in sites.Targets)
        {
            var errand = keys.Count + certificates.Count > MostNamed ? new MirrorErrand(target, null) : new MirrorErrand(target, keys, certificates);
            db.Outbox.Add(errand.ToItem(clock.GetUtcNow()));
        }
    }

    private static bool IsTakenAway(EntityState state, string? lockBefore, StoredCredential credential) => state switch
    {
        EntityState.Deleted => true,
        EntityState.Modified => lockBefore is null && credential.LockMessage is not null,
        _ => false, // The framework's enum: what is new or untouched takes nothing away.
    };
}

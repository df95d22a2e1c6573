using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>
/// How people come into the registry and out of it, for those who issue, suspend and remove. Everything is added to the caller's unit of work, what the outside
/// registry is to be told among it; each may be called again without effect.
/// </summary>
public sealed class RegistryMembership(IOptions<RegistryOptions> options, TimeProvider clock)
{
    /// <summary>With a certificate: enters the person, or brings the entry up to date.</summary>
    /// <param name="dn">As grid tools write it.</param>
    public async Task EnterAsync(PortalDbContext db, PortalUser user, string dn, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var entry = await db.RegistryEntries.FindAsync([user.Id], ct);
        if (entry is null)
        {
            entry = RegistryEntry.Enter(user, dn, now);
            db.RegistryEntries.Add(entry);
            Record(db, AuditAction.RegistryEntered, entry, actor, now);
            Tell(db, OutsideVerb.Add, entry, now);
            return;
        }

        var (wasEntered, wasLost) = (entry.IsEntered, entry.LostAt is not null);
        if (!entry.Update(user, dn, now)) return;
        Record(db, !wasEntered ? AuditAction.RegistryEntered : wasLost ? AuditAction.RegistryResumed : AuditAction.RegistryUpdated, entry, actor, now);
        Tell(db, wasEntered ? OutsideVerb.Update : OutsideVerb.Add, entry, now);
    }

    /// <summary>The person may use nothing until <see cref="ResumeAsync"/>, or after a lost device until the next certificate.</summary>
    public async Task SuspendAsync(PortalDbContext db, PortalUser user, SuspensionCause cause, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var entry = await db.RegistryEntries.FindAsync([user.Id], ct);
        if (entry is null)
        {
            if (cause is SuspensionCause.Removal) db.RegistryEntries.Add(RegistryEntry.KeepOut(user, cause, now));
            return;
        }

        if (entry.RemovedAt is not null || !entry.Suspend(cause, now)) return;
        if (!entry.IsEntered) return;
        Record(db, AuditAction.RegistrySuspended, entry, actor, now, $": {cause}");
        Tell(db, OutsideVerb.Update, entry, now);
    }

    public async Task ResumeAsync(PortalDbContext db, PortalUser user, SuspensionCause cause, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await db.RegistryEntries.FindAsync([user.Id], ct) is not { RemovedAt: null } entry || !entry.Resume(cause, now)) return;
        if (!entry.IsEntered)
        {
            db.RegistryEntries.Remove(entry);
            return;
        }

        Record(db, AuditAction.RegistryResumed, entry, actor, now, $": {cause}");
        Tell(db, OutsideVerb.Update, entry, now);
    }

    /// <summary>For good. What the person might use ends with the account.</summary>
    public async Task LeaveAsync(PortalDbContext db, Guid userId, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await db.RegistryEntries.FindAsync([userId], ct) is not { RemovedAt: null } entry) return;
        if (!entry.IsEntered)
        {
            db.RegistryEntries.Remove(entry);
            return;
        }

        entry.Leave(now);
        Record(db, AuditAction.RegistryLeft, entry, actor, now);
        Tell(db, OutsideVerb.Remove, entry, now);
    }

    private void Tell(PortalDbContext db, OutsideVerb verb, RegistryEntry entry, DateTimeOffset now)
    {
        if (options.Value.Outside.IsConfigured) db.Outbox.Add(OutsideTelling.For(verb, entry, now));
    }

    private static void Record(PortalDbContext db, AuditAction action, RegistryEntry entry, Actor actor, DateTimeOffset now, string more = "") =>
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "user", entry.UserId, now, $"{entry.Dn}{more}"));
}

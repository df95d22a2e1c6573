using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>Everything that lies under a person's passphrase, put under another one in one unit of work: the keys that rooms keep, and signing in.</summary>
public sealed class PassphraseChange(IEnumerable<IPassphraseKeys> rooms, SignInPassphrases passphrases, TimeProvider clock)
{
    /// <summary>Signing in is judged by the caller: it changes in any case.</summary>
    /// <param name="db">The caller saves it, the user with it.</param>
    /// <param name="user">Tracked by <paramref name="db"/>.</param>
    /// <param name="hint">To the new one; empty: none is kept, the one before would mislead.</param>
    /// <param name="how">For the audit log.</param>
    /// <returns>Every key of the person, and whether it was under the old passphrase.</returns>
    internal async Task<IReadOnlyList<KeyChange>> AddAsync(
        PortalDbContext db, PortalUser user, PassphrasePair pair, string? hint, Actor actor, string how, CancellationToken ct)
    {
        var changes = await AddKeysAsync(db, user.Id, pair, actor, ct);
        user.SetPassphrase(passphrases.Seal(pair.New, hint));
        db.AuditRecords.Add(AuditRecord.Of(
            AuditAction.PasswordChanged, actor, "user", user.Id, clock.GetUtcNow(), $"{how}: sign-in and {changes.Count(change => change.IsChanged)} of {changes.Count} keys"));
        return changes;
    }

    /// <summary>The keys alone, for a person who signs in by another passphrase than the one that is given up.</summary>
    internal async Task<IReadOnlyList<KeyChange>> AddKeysAsync(PortalDbContext db, Guid userId, PassphrasePair pair, Actor actor, CancellationToken ct)
    {
        List<KeyChange> changes = [];
        foreach (var room in rooms) changes.AddRange(await room.ChangeAsync(db, userId, pair, actor, ct));
        return changes;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Takes another portal's copies, one transaction a credential, and only where nothing else lies: what this portal issued, what clients stored and what a third portal sent stays as it is.
/// </summary>
public sealed class MirrorIntake(IDbContextFactory<PortalDbContext> contexts, CredentialDeposit deposit, MirrorStates states, IOptions<MyProxyOptions> options, TimeProvider clock)
{
    private const int MaxTries = 20;

    /// <summary>A page of what is here of the source, by name.</summary>
    /// <exception cref="ServiceException">Invalid.</exception>
    internal async Task<MirrorInventoryJson> ListAsync(MirrorSource source, MirrorInventoryQueryJson query, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (query.Skip < 0) throw MyProxyErrors.MirrorUnreadable();
        if (query.Skip == 0) await states.ChangeAsync(MirrorKind.Source, source.Name, state => state.Hear(now), ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var rows = await CopiesOf(db, source.Name).OrderBy(pair => pair.NameHash).Skip(query.Skip).Take(MirrorJson.PageSize + 1).ToListAsync(ct);
        return new MirrorInventoryJson(
            [.. rows.Take(MirrorJson.PageSize).Select(row => new MirrorHoldingJson(row.NameHash, row.IsAsItCame ? row.Digest : ""))], rows.Count <= MirrorJson.PageSize);
    }

    /// <exception cref="ServiceException">Invalid: too much at once.</exception>
    internal async Task<MirrorResultJson> ChangeAsync(MirrorSource source, MirrorChangesJson changes, CancellationToken ct)
    {
        if (changes.Store.Count > MirrorJson.MaxChanges || changes.Remove.Count > MirrorJson.MaxChanges) throw MyProxyErrors.MirrorUnreadable();
        List<MirrorRefusalJson> refused = [];
        foreach (var entry in changes.Store) await TryAsync(entry.Name, () => StoreAsync(source, entry, ct));
        foreach (var name in changes.Remove) await TryAsync(name, () => RemoveAsync(source, name, ct));
        return new MirrorResultJson(refused);

        async Task TryAsync(string name, Func<Task> deed)
        {
            try
            {
                await RepeatAsync(deed);
            }
            catch (ServiceException refusal)
            {
                refused.Add(new MirrorRefusalJson(name, refusal.Message.ReplaceLineEndings(" ")));
            }
        }
    }

    private async Task StoreAsync(MirrorSource source, MirrorEntryJson entry, CancellationToken ct)
    {
        var content = MirrorEnvelope.Open(source.Secret, source.Name, entry);
        var given = content.Check();
        PassphraseRules.RequireAllowed(given.Content.Key.Form, options.Value.AllowPassphraseless);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var copy = await FindAsync(db, entry.Name, ct);
        if (copy is null) await RequireRoomAsync(db, source, ct);
        given = given with { RequireReplaceable = known => RequireTheirs(known, copy, source) };
        var stored = await deposit.AddAsync(db, given, (action, credential, now) => MyProxyAudit.Of(action, ActorOf(source), credential, now, $"a copy, valid until {credential.NotAfter:u}"), ct);
        copy ??= db.MirrorCopies.Add(MirrorCopy.Of(stored, source.Name)).Entity;
        copy.Receive(stored, entry.Digest, content.Lock, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
    }

    private async Task RemoveAsync(MirrorSource source, string name, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.StoredCredentials.SingleOrDefaultAsync(stored => stored.NameHash == name, ct) is not { Origin: CredentialOrigin.Mirror } credential) return;
        RequireTheirs(credential, await FindAsync(db, name, ct), source);
        db.StoredCredentials.Remove(credential);
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyRemoved, ActorOf(source), credential, clock.GetUtcNow(), "a copy, whose original is no more"));
        await db.SaveChangesAsync(ct);
    }

    private static async Task RepeatAsync(Func<Task> deed)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await deed();
                return;
            }
            catch (DbUpdateException error) when (tries < MaxTries && RowConflict.IsLostRace(error))
            {
                // A client stored something, or another node took the same copy: it is looked at again.
            }
        }
    }

    private static async Task RequireRoomAsync(PortalDbContext db, MirrorSource source, CancellationToken ct)
    {
        if (await db.MirrorCopies.CountAsync(copy => copy.Source == source.Name, ct) >= source.MaxCredentials) throw MyProxyErrors.TooManyCopies(source.MaxCredentials);
    }

    private static void RequireTheirs(StoredCredential known, MirrorCopy? copy, MirrorSource source)
    {
        if (known.Origin is not CredentialOrigin.Mirror || copy?.Source != source.Name) throw MyProxyErrors.NotACopyOf();
    }

    private static Task<MirrorCopy?> FindAsync(PortalDbContext db, string name, CancellationToken ct)
    {
        var ids = db.StoredCredentials.Where(credential => credential.NameHash == name).Select(credential => credential.Id);
        return db.MirrorCopies.SingleOrDefaultAsync(copy => ids.Contains(copy.CredentialId), ct);
    }

    private static IQueryable<Holding> CopiesOf(PortalDbContext db, string source)
    {
        IQueryable<StoredCredential> credentials = db.StoredCredentials;
        return db.MirrorCopies.AsNoTracking().Where(copy => copy.Source == source)
            .Join(credentials.Where(credential => credential.Origin == CredentialOrigin.Mirror), copy => copy.CredentialId, credential => credential.Id,
                (copy, credential) => new Holding { NameHash = credential.NameHash, Digest = copy.Digest, IsAsItCame = copy.Revision == credential.Revision });
    }

    private static Actor ActorOf(MirrorSource source) => Actor.System($"mirror:{source.Name}");

    private sealed class Holding
    {
        public required string NameHash { get; init; }

        public required string Digest { get; init; }

        public required bool IsAsItCame { get; init; }
    }
}

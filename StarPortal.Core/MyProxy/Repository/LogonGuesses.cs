using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Counts wrong passphrases: by user name in the database, so that it holds on every node, and by address. After some in a row a name rests for a while, which others can't
/// make longer meanwhile, and which does not hold for whoever shows
/// the owner's certificate or comes from where the last good logon came from.
/// </summary>
public sealed class LogonGuesses(
    IDbContextFactory<PortalDbContext> contexts, AttemptThrottle throttle, IOptions<MyProxyOptions> options, TimeProvider clock)
{
    private const string Purpose = "myproxy";

    /// <exception cref="ServiceException">TooMany: from this address.</exception>
    internal void RequireRoom(MyProxyClient client)
    {
        try
        {
            throttle.RequireRoom(AttemptThrottle.AddressKey(Purpose, client.Address), options.Value.AttemptsPerAddress, options.Value.AttemptWait);
        }
        catch (ServiceException refusal) when (refusal.RetryAfter is { } wait)
        {
            throw MyProxyErrors.TooManyAttempts(wait);
        }
    }

    /// <summary>Before a passphrase is judged. Once there was a wrong one, the next is counted first: neither guesses that come at once nor cut connections gain anything.</summary>
    /// <param name="found">As read in this turn.</param>
    /// <param name="client">Who guesses.</param>
    /// <param name="uncounted">Guesses for this name that are being judged and may count yet.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Whether it was counted.</returns>
    /// <exception cref="ServiceException">TooMany: the name rests.</exception>
    internal async Task<bool> BeginAsync(FoundCredential found, MyProxyClient client, int uncounted, CancellationToken ct)
    {
        var (limit, wait, now) = (options.Value.MaxAttempts, options.Value.AttemptWait, clock.GetUtcNow());
        for (var attempts = found.Attempts; attempts?.CountsAt(wait, now) is true;)
        {
            if (attempts.WaitAt(limit - uncounted, wait, now) is { } rest && !IsFamiliar(found.Credential, client)) throw MyProxyErrors.TooManyAttempts(rest);
            await using var db = await contexts.CreateDbContextAsync(ct);
            db.LogonAttempts.Attach(attempts);
            attempts.Add(wait, now);
            if (await TrySaveAsync(db)) return true;
            var userHash = attempts.UserHash;
            attempts = await db.LogonAttempts.AsNoTracking().SingleOrDefaultAsync(row => row.UserHash == userHash, ct);
        }

        return false;
    }

    /// <summary>It was wrong: counts it, and writes it down.</summary>
    /// <param name="isCounted">What <see cref="BeginAsync"/> said.</param>
    internal async Task NoteWrongAsync(CredentialKey key, StoredCredential? credential, MyProxyClient client, bool isCounted)
    {
        var now = clock.GetUtcNow();
        for (var isSaved = false; !isSaved;)
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            if (!isCounted) await CountAsync(db, key.UserHash, now);
            db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyLogonRefused, client, credential, now, credential is null ? "unknown user name" : "wrong passphrase"));
            isSaved = await TrySaveAsync(db);
        }

        SpendAddress(client);
    }

    /// <summary>It was right: the count ends.</summary>
    internal async Task EndAsync(FoundCredential found, CancellationToken ct)
    {
        if (found.Attempts is null or { Count: 0 }) return;
        var userHash = found.Attempts.UserHash;
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.LogonAttempts.Where(attempts => attempts.UserHash == userHash).ExecuteDeleteAsync(ct);
    }

    /// <returns>How many names were forgotten of which nothing counts any more.</returns>
    internal async Task<int> PruneAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - options.Value.AttemptWait;
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.LogonAttempts.Where(attempts => attempts.LastAt < before).ExecuteDeleteAsync(ct);
    }

    private static bool IsFamiliar(StoredCredential? credential, MyProxyClient client) => credential is not null
        && ((client.Subject is not null && client.Subject == credential.Owner)
            || (client.Address is not null && credential.LastUsedFrom is not null && AttemptThrottle.AddressKey(Purpose, client.Address) == AttemptThrottle.AddressKey(Purpose, credential.LastUsedFrom)));

    private async Task CountAsync(PortalDbContext db, string userHash, DateTimeOffset now)
    {
        if (await db.LogonAttempts.SingleOrDefaultAsync(attempts => attempts.UserHash == userHash) is { } known) known.Add(options.Value.AttemptWait, now);
        else db.LogonAttempts.Add(LogonAttempts.First(userHash, now));
    }

    /// <returns>False: another guess was counted at the same moment.</returns>
    private static async Task<bool> TrySaveAsync(PortalDbContext db)
    {
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            return true;
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            return false;
        }
    }

    private void SpendAddress(MyProxyClient client)
    {
        try
        {
            throttle.Spend(AttemptThrottle.AddressKey(Purpose, client.Address), options.Value.AttemptsPerAddress, options.Value.AttemptWait);
        }
        catch (ServiceException)
        {
            // Full: others of this address were faster. The next one is not judged.
        }
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>The key authorizations that are served for http-01, in the database, so that it doesn't matter which node an upstream asks.</summary>
public sealed class PresentedChallenges(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>Idempotent. Those that have expired go.</summary>
    /// <exception cref="ChallengeFailedException">The token stands for another account's key already.</exception>
    public async Task AddAsync(ChallengeTask task, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        await db.PresentedChallenges.Where(challenge => challenge.ExpiresAt < now).ExecuteDeleteAsync(ct);
        db.PresentedChallenges.Add(new PresentedChallenge { Token = task.Token, KeyAuthorization = task.KeyAuthorization, ExpiresAt = task.ExpiresAt });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            if (await FindAsync(task.Token, ct) is not { } there) throw;
            if (there != task.KeyAuthorization) throw new ChallengeFailedException("The upstream CA gave a token that stands for another account's key already.", mayPass: false);
        }
    }

    /// <returns>The key authorization; null: none, or no more.</returns>
    public async Task<string?> FindAsync(string token, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return await db.PresentedChallenges.Where(challenge => challenge.Token == token && challenge.ExpiresAt >= now).Select(challenge => challenge.KeyAuthorization).FirstOrDefaultAsync(ct);
    }

    public async Task RemoveAsync(ChallengeTask task, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.PresentedChallenges.Where(challenge => challenge.Token == task.Token && challenge.KeyAuthorization == task.KeyAuthorization).ExecuteDeleteAsync(ct);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>What a validator needs to know of the account that an authorization belongs to.</summary>
public sealed class ValidationAccounts(IDbContextFactory<PortalDbContext> contexts, AcmeLinks links)
{
    /// <returns>The attempt to make; null when the account is not active any more.</returns>
    public async Task<ValidationTask?> FindTaskAsync(LeasedAttempt leased, ChallengeType type, CancellationToken ct)
    {
        var authorization = leased.Authorization;
        if ((leased.Thumbprint ?? await FindThumbprintAsync(authorization.AccountId, ct)) is not { } thumbprint) return null;
        var token = authorization.TokenOf(type);
        return new ValidationTask(authorization.Identifier, authorization.IsWildcard, token, $"{token}.{thumbprint}", links.Account(authorization.AccountId));
    }

    private async Task<string?> FindThumbprintAsync(Guid accountId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeAccounts.AsNoTracking().Where(account => account.Id == accountId && account.Status == AcmeAccountStatus.Valid)
            .Select(account => account.Thumbprint).FirstOrDefaultAsync(ct);
    }
}

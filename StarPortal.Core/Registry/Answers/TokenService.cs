using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Tokens of a resource: made and revoked by who looks after it.</summary>
public sealed class TokenService(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int MaxTokens = 50;

    /// <returns>The token, which nothing shows again.</returns>
    /// <exception cref="ServiceException">Unauthenticated, NotFound; Invalid beside Label; Conflict: closed; TooMany.</exception>
    public async Task<string> AddAsync(Guid resourceId, string? label, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resource = await RegistryRights.OpenResourceAsync(db, resourceId, actor, ct);
        if (label?.Trim() is not { Length: > 0 and <= RegistryToken.MaxLabel } words) throw RegistryErrors.Field("Label", $"Say in at most {RegistryToken.MaxLabel} characters which machine it is for.");
        if (await db.RegistryTokens.CountAsync(known => known.ResourceId == resourceId && known.RevokedAt == null, ct) >= MaxTokens) throw RegistryErrors.Full($"A resource has {MaxTokens} tokens at most: revoke one first.");
        var (token, now) = (SecureTokens.NewToken(), clock.GetUtcNow());
        db.RegistryTokens.Add(RegistryToken.Of(resource, words, token, actor, now));
        await db.SaveAsync(AuditAction.RegistryTokenCreated, resource, words, actor, now, ct);
        return token;
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Conflict: revoked already.</exception>
    public async Task RevokeAsync(Guid tokenId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var token = await db.RegistryTokens.FindAsync([tokenId], ct) ?? throw RegistryErrors.TokenNotFound();
        var resource = await RegistryRights.FindResourceAsync(db, token.ResourceId, actor, ct);
        var now = clock.GetUtcNow();
        token.Revoke(now);
        await db.SaveAsync(AuditAction.RegistryTokenRevoked, resource, token.Label, actor, now, ct);
    }
}

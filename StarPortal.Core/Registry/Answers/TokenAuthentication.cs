using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Which resource a machine may ask about, by the token that it shows. Whatever is wrong is one answer.</summary>
public sealed class TokenAuthentication(IDbContextFactory<PortalDbContext> contexts, AttemptThrottle throttle, IOptions<RegistryOptions> options, TimeProvider clock)
{
    /// <summary>Wrong tokens of one address within <see cref="Window"/>.</summary>
    private const int MaxWrong = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    /// <param name="authorization">The header: RFC 6750's bearer token.</param>
    /// <exception cref="ServiceException">Unauthenticated; TooMany: too many wrong ones from this address, or too many questions.</exception>
    internal async Task<RegistryResource> RequireAsync(string? authorization, string? address, CancellationToken ct)
    {
        if (authorization is not { Length: > 7 and <= 200 } || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) throw RegistryErrors.BadToken();
        var key = AttemptThrottle.AddressKey("registry", address);
        throttle.RequireRoom(key, MaxWrong, Window);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = SecureTokens.Hash(authorization[7..].Trim());
        var (tokens, resources) = (db.RegistryTokens, db.RegistryResources);
        var found = await tokens.AsNoTracking().Where(token => token.Hash == hash && token.RevokedAt == null)
            .Join(resources.AsNoTracking().Where(resource => resource.ClosedAt == null), token => token.ResourceId, resource => resource.Id, (token, resource) => new { token, resource }).SingleOrDefaultAsync(ct);
        if (found is null)
        {
            throttle.Spend(key, MaxWrong, Window);
            throw RegistryErrors.BadToken();
        }

        Count(found.token.Id);
        var now = clock.GetUtcNow();
        if (!(found.token.LastUsedAt > now - UseResolution)) await tokens.Where(token => token.Id == found.token.Id).ExecuteUpdateAsync(set => set.SetProperty(token => token.LastUsedAt, now), ct);
        return found.resource;
    }

    private void Count(Guid tokenId)
    {
        try
        {
            throttle.Spend($"registry-token:{tokenId}", options.Value.QuestionsPerTokenPerMinute, TimeSpan.FromMinutes(1));
        }
        catch (ServiceException spent) when (spent.RetryAfter is { } wait)
        {
            throw RegistryErrors.TooManyQuestions(wait);
        }
    }
}

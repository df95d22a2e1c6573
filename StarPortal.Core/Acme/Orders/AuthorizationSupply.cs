using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>What a new order needs of authorizations.</summary>
/// <param name="All">One for each identifier, in sequence.</param>
/// <param name="Added">Those of them that are new and have to be saved.</param>
public sealed record SuppliedAuthorizations(IReadOnlyList<AcmeAuthorization> All, IReadOnlyList<AcmeAuthorization> Added);

/// <summary>Finds the valid authorizations that an account has for the identifiers of an order, and makes the others.</summary>
public sealed class AuthorizationSupply(IDbContextFactory<PortalDbContext> contexts, IOptions<AcmeOptions> options, TimeProvider clock)
{
    public async Task<SuppliedAuthorizations> SupplyAsync(
        Guid accountId, IReadOnlyList<AcmeIdentifier> identifiers, IReadOnlyList<IdentifierDecision> decisions, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var reusable = decisions.Any(decision => decision.Waiver is null) ? await FindValidAsync(accountId, identifiers, now, ct) : [];
        List<AcmeAuthorization> all = new(identifiers.Count), added = new(identifiers.Count);
        for (var i = 0; i < identifiers.Count; i++)
        {
            var known = decisions[i].Waiver is null ? reusable.FirstOrDefault(candidate => IsFor(candidate, identifiers[i])) : null;
            var authorization = known ?? Make(accountId, identifiers[i], decisions[i], now);
            all.Add(authorization);
            if (known is null) added.Add(authorization);
        }

        return new SuppliedAuthorizations(all, added);
    }

    /// <summary>RFC 8555 7.4.1: one authorization outside of an order.</summary>
    public AcmeAuthorization Make(Guid accountId, AcmeIdentifier identifier, IdentifierDecision decision, DateTimeOffset now) => decision.Waiver is { } waiver
        ? AcmeAuthorization.Grant(accountId, identifier, waiver, options.Value.OrderLifetime, now)
        : AcmeAuthorization.Pend(accountId, identifier, options.Value.OrderLifetime, now);

    private async Task<List<AcmeAuthorization>> FindValidAsync(Guid accountId, IReadOnlyList<AcmeIdentifier> identifiers, DateTimeOffset now, CancellationToken ct)
    {
        if (options.Value.AuthorizationLifetime == TimeSpan.Zero) return [];
        var until = now + TimeSpan.FromMinutes(10);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var held = await db.ListHeldAsync(accountId, identifiers.Select(identifier => identifier.WithoutWildcard().ToString()), ct);
        return [.. held.Where(candidate => candidate.Status is AcmeAuthorizationStatus.Valid && candidate.Waiver is null && candidate.ExpiresAt > until).OrderByDescending(candidate => candidate.ExpiresAt)];
    }

    private static bool IsFor(AcmeAuthorization authorization, AcmeIdentifier identifier) =>
        authorization.IsWildcard == identifier.IsWildcard && authorization.Identifier == identifier.WithoutWildcard();
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>What an owner does on the pages before a consumer can ask, in one call, for whoever runs the portal.</summary>
public sealed class DelegationSetup(IDbContextFactory<PortalDbContext> contexts, NamespaceService namespaces, ConsumerService consumers, DelegationService delegations, DelegationRules rules)
{
    /// <param name="consumer">Name; one of the owner's that bears it and has not ended, or else a new one.</param>
    /// <param name="approvesNames">Whether names that are in no namespace of the owner's become one: what an officer would approve.</param>
    /// <returns>The delegation; and of a new consumer <c>id:token</c>, which nothing shows again.</returns>
    /// <exception cref="ServiceException">As the services of the pages.</exception>
    public async Task<(NameDelegation Delegation, string? Credential)> CreateAsync(string consumer, DelegationTerms terms, bool approvesNames, Actor owner, CancellationToken ct)
    {
        owner.Require(PortalRole.Owner);
        if (approvesNames) await ApproveAsync(terms.Names, owner, ct);
        if (await FindConsumerAsync(consumer, owner, ct) is { } known) return (await delegations.CreateAsync(terms, known, owner, ct), null);
        await RequireAsync(terms, owner, ct);
        var made = await consumers.CreateAsync(consumer, owner, ct);
        var delegation = await delegations.CreateAsync(terms, made.Id, owner, ct);
        return (delegation, $"{made.Id:N}:{await consumers.AddTokenAsync(made.Id, owner, ct)}");
    }

    /// <summary>A further credential of a consumer.</summary>
    /// <param name="isAccountKey">For an ACME account of the delegation directory (RFC 9115 2.1), and not for registrations.</param>
    /// <returns><c>id:token</c>, or the external account key as <c>key-id:mac-key</c>; nothing shows it again.</returns>
    /// <exception cref="ServiceException">NotFound; TooMany.</exception>
    public async Task<string> AddCredentialAsync(string consumer, bool isAccountKey, Actor owner, CancellationToken ct)
    {
        owner.Require(PortalRole.Owner);
        var id = await FindConsumerAsync(consumer, owner, ct) ?? throw DelegationErrors.ConsumerNotFound();
        if (!isAccountKey) return $"{id:N}:{await consumers.AddTokenAsync(id, owner, ct)}";
        var issued = await consumers.AddAccountKeyAsync(id, owner, ct);
        return $"{issued.Credential.KeyId}:{issued.MacKey}";
    }

    /// <summary>Before a consumer is made: the credential of one that is left behind by a refusal would never be shown.</summary>
    private async Task RequireAsync(DelegationTerms terms, Actor owner, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await rules.RequireAsync(db, terms, owner.RequireSignedIn(), ct);
    }

    private async Task ApproveAsync(IReadOnlyList<string> names, Actor owner, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var name in names.Select(name => name.ToLowerInvariant()))
        {
            if (await DelegationRules.FindForeignAsync(db, [name], owner.RequireSignedIn(), ct) is not null)
                await namespaces.GrantAsync(name, NamespaceChallenge.Required, owner.Id, null, Actor.System("command-line"), ct);
        }
    }

    private async Task<Guid?> FindConsumerAsync(string name, Actor owner, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegationConsumers.Where(known => known.OwnerId == owner.Id && known.Name == name.Trim() && known.EndedAt == null)
            .OrderBy(known => known.CreatedAt).Select(known => (Guid?)known.Id).FirstOrDefaultAsync(ct);
    }
}

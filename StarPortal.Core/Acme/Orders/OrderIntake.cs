namespace StarPortal.Core.Acme;

/// <summary>An order that may be kept.</summary>
public sealed record GrantedOrder(AcmeOrderTerms Terms, SuppliedAuthorizations Authorizations);

/// <summary>Whether the server is willing to certify what an order asks for (RFC 8555 7.4).</summary>
public sealed class OrderIntake(OrderPolicy policy, AcmeProfiles profiles, AuthorizationSupply supply, OrderReplacement replacement, OrderAllowance allowance)
{
    /// <exception cref="AcmeException">rejectedIdentifier and the like, with a subproblem for each identifier; invalidProfile; malformed; alreadyReplaced; rateLimited.</exception>
    public async Task<GrantedOrder> ExamineAsync(AcmeCaller caller, NewOrder asked, CancellationToken ct)
    {
        var account = caller.Account;
        var profile = profiles.Choose(asked, caller.Binding?.Profile);
        profiles.RequireFits(profile, asked);
        var decisions = await DecideAsync(caller, asked.Identifiers, ct);

        var refusal = await replacement.FindRefusalAsync(account.Id, asked, ct);
        await allowance.SpendAsync(caller, asked, replacesRightly: refusal is null, ct);
        if (refusal is not null) throw refusal; // Counted like any other: asking for what is not to be had is not free.

        var authorizations = await supply.SupplyAsync(account.Id, asked.Identifiers, decisions, ct);
        return new GrantedOrder(new AcmeOrderTerms(account.Id, profile.Name, profiles.OrderLifetime), authorizations);
    }

    /// <summary>RFC 8555 7.4.1: newAuthz, which has neither wildcards nor an order around it.</summary>
    /// <exception cref="AcmeException">403, saying why.</exception>
    public async Task<AcmeAuthorization> ExamineAsync(AcmeCaller caller, AcmeIdentifier identifier, DateTimeOffset now, CancellationToken ct)
    {
        if (identifier.IsWildcard)
            throw AcmeOrderErrors.RejectedIdentifiers([new AcmeSubproblem(AcmeProblemType.RejectedIdentifier, "A wildcard cannot be authorized in advance (RFC 8555 7.4.1): order it.", identifier)]);
        var decisions = await DecideAsync(caller, [identifier], ct);
        await allowance.SpendAsync(caller, ct);
        return supply.Make(caller.Account.Id, identifier, decisions[0], now);
    }

    private async ValueTask<IReadOnlyList<IdentifierDecision>> DecideAsync(AcmeCaller caller, IReadOnlyList<AcmeIdentifier> identifiers, CancellationToken ct)
    {
        var decisions = new IdentifierDecision[identifiers.Count];
        for (var i = 0; i < decisions.Length; i++) decisions[i] = await policy.DecideAsync(caller.Account, caller.Binding, identifiers[i], ct);
        var refusals = decisions.Select(decision => decision.Refusal).OfType<AcmeSubproblem>().ToList();
        return refusals.Count == 0 ? decisions : throw AcmeOrderErrors.RejectedIdentifiers(refusals);
    }
}

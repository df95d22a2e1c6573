using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>What is decided about one identifier of an order.</summary>
/// <param name="Waiver">Why no challenge is needed, in words; null: one is.</param>
/// <param name="OrganisationId">Whose certificate it is; null: nobody's in particular.</param>
/// <param name="Refusal">Why it is not certified for this account; null: it is.</param>
public sealed record IdentifierDecision(string? Waiver, Guid? OrganisationId, AcmeSubproblem? Refusal)
{
    public static readonly IdentifierDecision Challenge = new(null, null, null);
}

/// <summary>
/// Which identifiers an account may have certified, and which of them without a challenge: by the namespaces in force and by the account's
/// external account key.
/// </summary>
public sealed class OrderPolicy(NamespaceBook book, IOptions<AcmeOptions> options, AcmeLinks links)
{
    private string Page => links.PortalUrl + options.Value.NamespacePage;

    public async ValueTask<IdentifierDecision> DecideAsync(AcmeAccount account, ExternalAccountKey? binding, AcmeIdentifier identifier, CancellationToken ct)
    {
        if (binding is not null && !binding.Allows(identifier))
            return Refuse(identifier, $"The external account key {binding.KeyId} of this account does not allow {identifier.Value}. Ask for one that does at {Page}.");
        if (binding is not null && binding.Waives(identifier)) return new($"external account key {binding.KeyId}", binding.OrganisationId, null);

        var spaces = identifier.Type is AcmeIdentifierType.Dns ? await book.FindAsync(identifier.Value, account.OwnerId, ct) : [];
        // What the portal orders itself stays in its own hands: that the owner holds the domain was shown or decided when the namespace was approved.
        if (spaces.FirstOrDefault(space => space.Challenge is NamespaceChallenge.Waived || (account.IsInternal && space.OwnerId == account.OwnerId)) is { } waived)
            return new($"namespace {waived.Suffix}", waived.OrganisationId, null);
        if (spaces.Count > 0) return IdentifierDecision.Challenge with { OrganisationId = spaces[0].OrganisationId ?? binding?.OrganisationId };
        return options.Value.NamespaceRequired
            ? Refuse(identifier, $"{identifier.Value} is in no namespace that this account may use. Claim it at {Page}, then order again.")
            : IdentifierDecision.Challenge with { OrganisationId = binding?.OrganisationId };
    }

    private static IdentifierDecision Refuse(AcmeIdentifier identifier, string detail) =>
        new(null, null, new AcmeSubproblem(AcmeProblemType.RejectedIdentifier, detail, identifier));
}

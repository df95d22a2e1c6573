namespace StarPortal.Core.Acme;

/// <summary>A namespace in force, from configuration or from the portal.</summary>
/// <param name="Suffix">Without a leading dot.</param>
/// <param name="OwnerId">Whose accounts it is for; null: everybody's.</param>
/// <param name="OrganisationId">Whose certificates they are; null: nobody's in particular.</param>
public sealed record NamespaceMatch(string Suffix, NamespaceChallenge Challenge, Guid? OwnerId, Guid? OrganisationId)
{
    public bool IsFor(Guid? accountOwner) => OwnerId is null || OwnerId == accountOwner;
}

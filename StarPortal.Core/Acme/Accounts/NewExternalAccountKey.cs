namespace StarPortal.Core.Acme;

/// <summary>What an EAB credential is asked for with; see <see cref="ExternalAccountKey"/>.</summary>
public sealed record NewExternalAccountKey(string Label, Guid OwnerId)
{
    /// <summary>As <see cref="ExternalAccountKey.Directory"/>.</summary>
    public string Directory { get; init; } = AcmeLinks.MainPath;

    public Guid? OrganisationId { get; init; }

    public IReadOnlyList<string> AllowedIdentifiers { get; init; } = [];

    public bool WaivesChallenges { get; init; }

    public string? Profile { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public int? MaxUses { get; init; }
}

namespace StarPortal.Core.Identity;

/// <summary>What an account is made from. The passphrase is hashed and forgotten.</summary>
public sealed record NewAccount
{
    public required string UserName { get; init; }

    public required string FullName { get; init; }

    public required string Email { get; init; }

    public string? Phone { get; init; }

    public Guid? OrganisationId { get; init; }

    /// <summary>The password, which for a subscriber is also the passphrase of the key. Null: an invited person sets it later.</summary>
    public string? Password { get; init; }

    /// <summary>A sentence that reminds of the passphrase without containing it.</summary>
    public string? Hint { get; init; }
}

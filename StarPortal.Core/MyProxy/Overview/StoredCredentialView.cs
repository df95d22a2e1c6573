namespace StarPortal.Core.MyProxy;

/// <summary>How a stored credential stands now: computed, never stored.</summary>
public enum StoredCredentialState
{
    /// <summary>One can log on to it.</summary>
    Usable,
    Locked,
    Expired,
    Revoked,
}

/// <summary>A stored credential as pages show it.</summary>
/// <param name="CredentialName">Empty: the one that clients get who name none.</param>
/// <param name="Subject">Whom proxies speak for; one-line form.</param>
/// <param name="RevokedAt">Of the certificate in it that is one of ours.</param>
/// <param name="IsLockedByHolder">Whether its holder locked it, and may unlock it.</param>
public sealed record StoredCredentialView(
    Guid Id, string UserName, string CredentialName, string Owner, string Subject, CredentialOrigin Origin, DateTimeOffset NotAfter, DateTimeOffset? RevokedAt, string? LockMessage,
    bool IsLockedByHolder, bool IsPassphraseless)
{
    public string? Description { get; init; }

    public TimeSpan? MaxLifetime { get; init; }

    public required CredentialPolicies Policies { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public string? LastUsedBy { get; init; }

    public string? LastUsedFrom { get; init; }

    public StoredCredentialState StateAt(DateTimeOffset now) => this switch
    {
        { RevokedAt: not null } => StoredCredentialState.Revoked,
        _ when NotAfter <= now => StoredCredentialState.Expired,
        { LockMessage: not null } => StoredCredentialState.Locked,
        _ => StoredCredentialState.Usable,
    };

    internal static StoredCredentialView Of(StoredCredential row, DateTimeOffset? revokedAt) => new(
        row.Id, row.UserName, row.CredentialName, row.Owner, row.Subject, row.Origin, row.NotAfter, revokedAt, row.LockMessage, row.LockedBy is not null, row.IsPassphraseless)
    {
        Description = row.Description, MaxLifetime = row.MaxLifetime, Policies = row.Policies, StoredAt = row.StoredAt,
        LastUsedAt = row.LastUsedAt, LastUsedBy = row.LastUsedBy, LastUsedFrom = row.LastUsedFrom,
    };
}

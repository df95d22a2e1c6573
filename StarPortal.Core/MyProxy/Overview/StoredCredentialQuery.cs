namespace StarPortal.Core.MyProxy;

/// <summary>What an administrator's list asks for; everything that is null or empty does not narrow it.</summary>
public sealed record StoredCredentialQuery
{
    /// <summary>A part of the user name, the subject or the owner.</summary>
    public string? Text { get; init; }

    /// <summary>The whole user name.</summary>
    public string? UserName { get; init; }

    /// <summary>The whole credential name; empty: the one that clients get who name none.</summary>
    public string? CredentialName { get; init; }

    /// <summary>The owner's whole one-line name.</summary>
    public string? Owner { get; init; }

    public StoredCredentialState? State { get; init; }

    /// <summary>Ends within this time from now, and has not ended yet.</summary>
    public TimeSpan? EndsWithin { get; init; }

    /// <summary>From 1 on.</summary>
    public int Page { get; init; } = 1;
}

/// <summary>A page of the list, by user name.</summary>
public sealed record StoredCredentialPage(IReadOnlyList<StoredCredentialView> Rows, int Total);

/// <summary>The repository in figures.</summary>
/// <param name="EndingSoon">Usable ones that end within 30 days.</param>
/// <param name="UsedLately">Within the last 30 days.</param>
public sealed record StoredCredentialStatistics(int Total, int Usable, int Locked, int Expired, int Revoked, int EndingSoon, int Passphraseless, int UsedLately);

namespace StarPortal.Core.Enrollment;

public enum TrackStepState
{
    Done,

    /// <summary>Where it is now.</summary>
    Current,

    /// <summary>Still to come.</summary>
    Ahead,

    /// <summary>Where it ended without a certificate.</summary>
    Failed,
}

/// <summary>One station on the way of a request.</summary>
/// <param name="At">When it was passed, or begun if it is the current one; null when it lies ahead.</param>
public sealed record TrackStep(string Title, TrackStepState State, DateTimeOffset? At, string? Detail = null);

/// <summary>A question of the officers, or its answer.</summary>
public sealed record TrackMessage(RequestMessageKind Kind, string Text, DateTimeOffset At);

/// <summary>
/// A request as its tracking page shows it. Whoever knows the address may see it, so it says nothing that the person did not type, and the
/// e-mail address only to its owner.
/// </summary>
public sealed record RequestTrack
{
    public required Guid Id { get; init; }

    public required RequestStatus Status { get; init; }

    public required string FullName { get; init; }

    /// <summary>Masked for everybody but the person.</summary>
    public required string Email { get; init; }

    public required string Organisation { get; init; }

    public required string Subject { get; init; }

    public required KeySource KeySource { get; init; }

    public required IReadOnlyList<TrackStep> Steps { get; init; }

    public required IReadOnlyList<TrackMessage> Messages { get; init; }

    public required bool IsClaimed { get; init; }

    /// <summary>Whether the viewer is the person, signed in: no passphrase is asked for.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>Median of this organisation's past decisions; null when there are too few.</summary>
    public TimeSpan? TypicalWait { get; init; }

    /// <summary>When the officers may be reminded again; null: now.</summary>
    public DateTimeOffset? NudgeAgainAt { get; init; }

    public required bool CanNudge { get; init; }

    public required bool CanWithdraw { get; init; }

    /// <summary>When an unconfirmed request runs out; null for others.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public RejectionCode? RejectionCode { get; init; }

    public string? RejectionText { get; init; }

    /// <summary>Whether it ran out unconfirmed, or undecided; meaningful when it has expired.</summary>
    public bool WasConfirmed { get; init; }

    public required DateTimeOffset LastChangedAt { get; init; }

    /// <summary>Changes whenever the page would look different.</summary>
    public required int Version { get; init; }
}

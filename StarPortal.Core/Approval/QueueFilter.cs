using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>Which part of the queue.</summary>
public enum QueueView
{
    /// <summary>Waiting for an officer: the work to do.</summary>
    Waiting,

    /// <summary>Waiting, and claimed by the reader.</summary>
    Mine,

    /// <summary>Waiting, and claimed by nobody.</summary>
    Unclaimed,

    /// <summary>A question is open.</summary>
    OnHold,

    /// <summary>Approved, the certificate is being made.</summary>
    Approved,

    Issued,
    Rejected,

    /// <summary>Withdrawn or expired.</summary>
    Ended,
}

/// <summary>How long a request has waited for the officers, against the service level.</summary>
public enum QueueAge
{
    Any,

    /// <summary>Longer than <see cref="ApprovalOptions.WarnAfter"/>.</summary>
    Warning,

    /// <summary>Longer than <see cref="ApprovalOptions.BreachAfter"/>.</summary>
    Late,
}

/// <param name="Page">From 1.</param>
public sealed record QueueFilter(QueueView View = QueueView.Waiting, Guid? OrganisationId = null, QueueAge Age = QueueAge.Any, string? Text = null, int Page = 1)
{
    public const int PageSize = 25;

    internal static IReadOnlyList<RequestStatus> StatusesOf(QueueView view) => view switch
    {
        QueueView.Waiting or QueueView.Mine or QueueView.Unclaimed => [RequestStatus.AwaitingDecision],
        QueueView.OnHold => [RequestStatus.OnHold],
        QueueView.Approved => [RequestStatus.Approved],
        QueueView.Issued => [RequestStatus.Issued],
        QueueView.Rejected => [RequestStatus.Rejected],
        QueueView.Ended => [RequestStatus.Withdrawn, RequestStatus.Expired],
    };
}

/// <summary>One line of the queue.</summary>
/// <param name="Waited">The officers' time so far; for what is decided, until the decision.</param>
/// <param name="Votes">Approvals of this round.</param>
/// <param name="OfficersNeeded">How many it takes.</param>
/// <param name="ClaimedBy">User name; null when nobody takes care of it.</param>
public sealed record QueueRow(
    Guid Id, string FullName, string UserName, string Email, string Organisation, string Profile, RequestStatus Status, DateTimeOffset WaitingSince, TimeSpan Waited, QueueAge Age,
    int Votes, int OfficersNeeded, string? ClaimedBy, bool IsMine, bool IsNudged, bool HasProblem, RequestKind Kind);

/// <param name="Counts">Requests of every view that the actor may see, whatever the other filters.</param>
/// <param name="Total">Rows that the filter finds, over all pages.</param>
public sealed record QueueList(IReadOnlyList<QueueRow> Rows, int Total, IReadOnlyDictionary<QueueView, int> Counts, IReadOnlyList<QueueOrganisation> Organisations);

public sealed record QueueOrganisation(Guid Id, string Name);

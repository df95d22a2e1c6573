namespace StarPortal.Core.Enrollment;

/// <summary>The stations of a request, as those of a parcel: what has happened, where it is, what comes next.</summary>
internal static class TrackSteps
{
    public static IReadOnlyList<TrackStep> Of(EnrollmentRequest request, string organisation) =>
    [
        new("Submitted", TrackStepState.Done, request.SubmittedAt),
        Confirmation(request),
        .. request.ConfirmedAt is null && !request.IsOpen ? (TrackStep[])[] : [Officers(request, organisation)],
        .. request.IsOpen || request.Status is RequestStatus.Issued ? [Decision(request), Certificate(request)] : (TrackStep[])[],
        .. End(request),
    ];

    private static TrackStep Confirmation(EnrollmentRequest request) => request switch
    {
        { ConfirmedAt: { } at } => new("E-mail address confirmed", TrackStepState.Done, at),
        { IsOpen: true } => new("Confirm your e-mail address", TrackStepState.Current, request.SubmittedAt, "We have sent you a mail with a link. No officer sees the request before."),
        _ => new("E-mail address never confirmed", TrackStepState.Failed, null),
    };

    private static TrackStep Officers(EnrollmentRequest request, string organisation)
    {
        var title = $"With the officers of {organisation}";
        return request.Status switch
        {
            RequestStatus.AwaitingConfirmation => new(title, TrackStepState.Ahead, null),
            RequestStatus.AwaitingDecision => new(title, TrackStepState.Current, request.ConfirmedAt,
                request.IssueProblem is not null ? "It was approved, but could not be issued; the officers are looking at it again."
                : request.ClaimedBy is null ? "Everybody who may decide it has been told; nobody decides their own request." : "One of them is taking care of it."),
            RequestStatus.OnHold => new(title, TrackStepState.Current, request.HeldAt, "An officer has a question for you. It goes on when you have answered."),
            RequestStatus.Approved or RequestStatus.Issued or RequestStatus.Rejected or RequestStatus.Withdrawn or RequestStatus.Expired => new(title, TrackStepState.Done, request.ConfirmedAt),
        };
    }

    private static TrackStep Decision(EnrollmentRequest request) => request.DecidedAt is { } at
        ? new("Approved", TrackStepState.Done, at)
        : new("Decision", TrackStepState.Ahead, null);

    private static TrackStep Certificate(EnrollmentRequest request) => request.Status switch
    {
        RequestStatus.Issued => new("Certificate issued", TrackStepState.Done, request.IssuedAt),
        RequestStatus.Approved when request.SentToCaAt is { } sent => new("Sent to the CA, waiting", TrackStepState.Current, sent,
            "Another organisation's certificate authority signs it. That may take days; you get a mail when it has."),
        RequestStatus.Approved => new("Certificate is being made", TrackStepState.Current, request.DecidedAt, "This takes a few seconds."),
        RequestStatus.AwaitingConfirmation or RequestStatus.AwaitingDecision or RequestStatus.OnHold or RequestStatus.Rejected or RequestStatus.Withdrawn or RequestStatus.Expired =>
            new("Certificate", TrackStepState.Ahead, null),
    };

    private static IEnumerable<TrackStep> End(EnrollmentRequest request) => request.Status switch
    {
        RequestStatus.Rejected => [new TrackStep("Rejected", TrackStepState.Failed, request.DecidedAt)],
        RequestStatus.Withdrawn => [new TrackStep("Withdrawn", TrackStepState.Failed, request.EndedAt)],
        RequestStatus.Expired => [new TrackStep("Run out", TrackStepState.Failed, request.EndedAt)],
        RequestStatus.AwaitingConfirmation or RequestStatus.AwaitingDecision or RequestStatus.OnHold or RequestStatus.Approved or RequestStatus.Issued => [],
    };
}

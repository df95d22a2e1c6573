using System.Globalization;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What this room expects to go wrong, in words for officers.</summary>
public static class ApprovalErrors
{
    /// <summary>Form fields of the decision card.</summary>
    public const string AcknowledgedField = "Acknowledged";
    public const string CodeField = "Code";
    public const string TextField = "Text";
    public const string QuestionField = "Question";

    /// <summary>Also for a request of another organisation: whether it exists is nobody's business.</summary>
    public static ServiceException NotFound() =>
        new(ErrorKind.NotFound, "There is no such request in the organisations that you decide for.");

    public static ServiceException NotAnOfficer() =>
        new(ErrorKind.Forbidden, "This page is for registration officers. If you should be one, ask an administrator for the role.");

    public static ServiceException NeedsSecondFactor() =>
        new(ErrorKind.Forbidden, "Deciding needs a second factor: set up a passkey or an authenticator app on your account page, then sign in again.");

    public static ServiceException OwnRequest() =>
        new(ErrorKind.Forbidden, "This is your own request (your account, or your e-mail address): another officer has to decide it.");

    public static ServiceException NotYetEscalated() =>
        new(ErrorKind.Forbidden, "The officers of this organisation decide. Administrators do when it has none, or when a request has been escalated to them.");

    public static ServiceException AlreadyDecided(RequestStatus status, string? by, DateTimeOffset at) =>
        new(ErrorKind.Conflict, $"Already decided: {Describe(status)}{(by is null ? "" : $" by {by}")} at {at.UtcDateTime.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)} UTC. Nothing was changed.");

    public static ServiceException AlreadyVoted(DateTimeOffset at) =>
        new(ErrorKind.Conflict, $"You have approved this already, at {at.UtcDateTime.ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture)} UTC: it needs another officer now.");

    public static ServiceException NotConfirmed() =>
        new(ErrorKind.Conflict, "The e-mail address of this request has not been confirmed yet, so there is nothing to decide.");

    public static ServiceException Blocked(IEnumerable<Finding> findings) =>
        new(ErrorKind.Conflict, $"This can't be approved: {string.Join(" ", findings.Select(finding => finding.Message))}");

    public static ServiceException NotAcknowledged() =>
        new(ErrorKind.Invalid, "Tick each finding that needs your acknowledgement, or reject the request.", AcknowledgedField);

    public static ServiceException ReasonMissing() =>
        new(ErrorKind.Invalid, "Choose a reason: the person gets it by mail, and it is kept.", CodeField);

    public static ServiceException Busy() =>
        new(ErrorKind.Conflict, "Others are working on this request right now. Look at it again, then decide.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static string Describe(RequestStatus status) => status switch
    {
        RequestStatus.AwaitingConfirmation or RequestStatus.AwaitingDecision or RequestStatus.OnHold =>
            throw new ArgumentOutOfRangeException(nameof(status), status, "Undecided."),
        RequestStatus.Approved or RequestStatus.Issued => "approved",
        RequestStatus.Rejected => "rejected",
        RequestStatus.Withdrawn => "withdrawn by the requester",
        RequestStatus.Expired => "expired",
    };
}

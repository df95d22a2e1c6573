using StarPortal.Core.Enrollment;

namespace StarPortal.Web.Components.Pages.Approval;

/// <summary>Where a request is, in the officers' words.</summary>
internal static class RequestWords
{
    public static string Of(RequestStatus status) => status switch
    {
        RequestStatus.AwaitingConfirmation => "Address not confirmed",
        RequestStatus.AwaitingDecision => "Waiting for a decision",
        RequestStatus.OnHold => "Question asked",
        RequestStatus.Approved => "Approved, being issued",
        RequestStatus.Issued => "Issued",
        RequestStatus.Rejected => "Rejected",
        RequestStatus.Withdrawn => "Withdrawn",
        RequestStatus.Expired => "Expired",
    };
}

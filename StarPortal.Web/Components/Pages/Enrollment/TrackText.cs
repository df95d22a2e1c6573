using StarPortal.Core.Enrollment;

namespace StarPortal.Web.Components.Pages.Enrollment;

/// <summary>States of a request in the words of the person who waits.</summary>
internal static class TrackText
{
    public static string Of(RequestStatus status) => status switch
    {
        RequestStatus.AwaitingConfirmation => "Confirm your address",
        RequestStatus.AwaitingDecision => "With the officers",
        RequestStatus.OnHold => "Your answer is needed",
        RequestStatus.Approved => "Approved",
        RequestStatus.Issued => "Issued",
        RequestStatus.Rejected => "Rejected",
        RequestStatus.Withdrawn => "Withdrawn",
        RequestStatus.Expired => "Run out",
    };

    public static string KindOf(RequestStatus status) => status switch
    {
        RequestStatus.AwaitingConfirmation or RequestStatus.OnHold => "wait",
        RequestStatus.AwaitingDecision => "info",
        RequestStatus.Approved or RequestStatus.Issued => "good",
        RequestStatus.Rejected => "bad",
        RequestStatus.Withdrawn or RequestStatus.Expired => "off",
    };

    public static string Of(RejectionCode code) => code switch
    {
        RejectionCode.NotAMember => "The officers do not know you as a member of this organisation.",
        RejectionCode.IdentityNotEstablished => "The officers could not establish who you are.",
        RejectionCode.NameIncorrect => "The name is not the one that the organisation knows you by.",
        RejectionCode.AddressNotPlausible => "The e-mail address does not fit.",
        RejectionCode.KeyUnsuitable => "The key is not suitable.",
        RejectionCode.Duplicate => "You have a certificate, or a request, for this already.",
        RejectionCode.PurposeNotAccepted => "The purpose is not one that certificates are issued for here.",
        RejectionCode.NoAnswer => "A question of the officers was not answered.",
        RejectionCode.Other => "For another reason.",
    };

    /// <summary>What to say once after an action; null when the address says nothing that fits the request's state.</summary>
    public static (string Title, string Text)? DoneMessage(string? done, RequestTrack track) => (done, track.Status) switch
    {
        ("sent", RequestStatus.AwaitingConfirmation) => ("Your request is in", $"Now look into your mail: we have sent a link to {track.Email}. Open it and press the button there."),
        ("sent", RequestStatus.AwaitingDecision) => ("Your request is in", $"The officers of {track.Organisation} have been told."),
        ("confirmed", RequestStatus.AwaitingDecision) => ("Thank you, your address is confirmed", $"The officers of {track.Organisation} have been told. You get a mail when they have decided."),
        ("nudged", RequestStatus.AwaitingDecision) => ("Reminder sent", "The officers have been reminded, politely."),
        ("answered", RequestStatus.AwaitingDecision) => ("Answer sent", "The officer has your answer; the request goes on."),
        ("resent", RequestStatus.AwaitingConfirmation) => ("Link sent again", $"Look into the mail of {track.Email}, and into its spam folder."),
        ("withdrawn", RequestStatus.Withdrawn) => ("Withdrawn", "Nobody decides about it any more, and the key that was kept with it is deleted."),
        _ => null,
    };
}

using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Everything that this room expects to go wrong, in words for people.</summary>
public static class RequestErrors
{
    public static ServiceException NotFound() =>
        new(ErrorKind.NotFound, "There is no such request. Check that the link is complete, or ask again.");

    public static ServiceException WrongState(RequestStatus status) => new(ErrorKind.Conflict, status switch
    {
        RequestStatus.AwaitingConfirmation => "The e-mail address of this request has not been confirmed yet.",
        RequestStatus.AwaitingDecision => "This request is with the officers already.",
        RequestStatus.OnHold => "An officer has asked a question about this request: it goes on when that is answered.",
        RequestStatus.Approved => "This request has been approved already: the certificate is being made.",
        RequestStatus.Issued => "The certificate for this request has been issued already.",
        RequestStatus.Rejected => "This request has been rejected already.",
        RequestStatus.Withdrawn => "This request has been withdrawn.",
        RequestStatus.Expired => "This request has expired.",
    });

    public static ServiceException OwnRequest() =>
        new(ErrorKind.Forbidden, "This is your own request: another officer has to handle it.");

    public static ServiceException ClaimedByAnother() =>
        new(ErrorKind.Conflict, "Another officer has claimed this request.");

    public static ServiceException NotClaimed() =>
        new(ErrorKind.Conflict, "Nobody has claimed this request.");

    public static ServiceException EscalatedAlready() =>
        new(ErrorKind.Conflict, "This request has been escalated that far already.");

    public static ServiceException NudgedAlready(DateTimeOffset again, DateTimeOffset now) =>
        new(ErrorKind.TooMany, "The officers have been reminded within the last day. Please give them a little time.") { RetryAfter = again - now };

    public static ServiceException Missing(string field) => new(ErrorKind.Invalid, "Please fill this in.", field);

    public static ServiceException Unusable(string problem, string field) => new(ErrorKind.Invalid, problem, field);

    public static ServiceException StaleForm() =>
        new(ErrorKind.Invalid, "This form is not one of ours, or it has lost its number. Load the page anew; your browser may offer to fill in what you typed.");

    public static ServiceException NotAcknowledged() =>
        new(ErrorKind.Invalid, "Something was found that an officer will ask about. Change it, or tick that you ask anyway.", nameof(EnrollmentForm.Acknowledge));

    public static ServiceException KeyPending() =>
        new(ErrorKind.Conflict, "A request for this key is open already. Make a new key.", nameof(EnrollmentForm.SigningRequest));

    public static ServiceException SubjectTaken() =>
        new(ErrorKind.Conflict, "Somebody else was given this certificate name a moment ago. Load the page anew: you will get another number.");

    public static ServiceException NothingToConfirm() =>
        new(ErrorKind.Conflict, "The e-mail address of this request is confirmed already, or the request has ended: there is no link to send.");

    public static ServiceException NotTheNewPassphrase() => new(ErrorKind.Invalid,
        "That is not the passphrase that was chosen when this recovery was begun. If somebody else began it, close this page: nothing happens without your mail and that passphrase.", "Passphrase");

    public static ServiceException NothingToReplace() =>
        new(ErrorKind.Conflict, "There is no certificate whose place a new one could take, or the account is locked. Talk to an officer of your organisation.");

    public static ServiceException ChangedMeanwhile() =>
        new(ErrorKind.Conflict, "Something has happened to this request meanwhile. Look at the page again; then try once more if that still makes sense.");
}

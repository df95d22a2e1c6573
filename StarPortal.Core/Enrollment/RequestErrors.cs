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

    public static ServiceException TooLong(string field, int maxLength) =>
        new(ErrorKind.Invalid, $"This is too long: at most {maxLength} characters.", field);

    public static ServiceException HiddenCharacters(string field) =>
        new(ErrorKind.Invalid, "This holds control or invisible characters (they can make text read differently from what it is). Type it anew instead of pasting it.", field);
}

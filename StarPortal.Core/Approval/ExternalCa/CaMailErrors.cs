using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What officers hear who deal with the CA outside.</summary>
public static class CaMailErrors
{
    /// <summary>Form fields.</summary>
    public const string ReasonField = "Reason";
    public const string RequestField = "RequestId";

    public static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such message for you.");

    public static ServiceException HandledAlready() => new(ErrorKind.Conflict, "Somebody has dealt with this message already. Nothing was changed.");

    public static ServiceException NoCertificate() => new(ErrorKind.Conflict, "There is no certificate in this message that could be taken.");

    public static ServiceException NotWaiting() => new(ErrorKind.Conflict, "This request does not wait for the CA any more. Nothing was changed.", RequestField);

    public static ServiceException ChooseRequest() => new(ErrorKind.Invalid, "Choose the request that this certificate answers.", RequestField);

    public static ServiceException SentToday(DateTimeOffset again, DateTimeOffset now) =>
        new(ErrorKind.TooMany, "It was sent within the last day. Give the CA a little time.") { RetryAfter = again - now };

    public static ServiceException AccountLocked() => new(ErrorKind.Conflict, "The person's account is locked, or about to be removed.");

    public static ServiceException NoSigningRequest() => new(ErrorKind.Conflict,
        "This request was made before certificates came from the CA outside, so there is no signing request that could be sent there. Reject it, and ask the person to make a new one.");

    public static ServiceException Busy() => new(ErrorKind.Conflict, "Somebody else was faster. Look at it again.");
}

using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

internal static class DelegationErrors
{
    public static ServiceException NotFound() => new(ErrorKind.NotFound, "There is no such delegation, or none that you may see.");

    public static ServiceException ConsumerNotFound() => new(ErrorKind.NotFound, "There is no such consumer, or none that you may see.");

    public static ServiceException CredentialNotFound() => new(ErrorKind.NotFound, "There is no such credential.");

    public static ServiceException OrderNotFound() => new(ErrorKind.NotFound, "There is no such registration, or it is not yours.");

    public static ServiceException Ended() => new(ErrorKind.Conflict, "This delegation has ended. Make a new one.");

    public static ServiceException ConsumerEnded() => new(ErrorKind.Conflict, "This consumer has been ended already.");

    public static ServiceException CredentialRevoked() => new(ErrorKind.Conflict, "This credential has been revoked already.");

    public static ServiceException OrderOver() => new(ErrorKind.Conflict, "This is over already: it was canceled, refused or has failed.");

    public static ServiceException NotWaiting() => new(ErrorKind.Conflict, "This does not wait for a decision any more.");

    public static ServiceException Busy() => new(ErrorKind.Conflict, "Somebody else changed this at the same moment. Look again.");

    public static ServiceException Field(string field, string detail) => new(ErrorKind.Invalid, detail, field);

    /// <summary>Wrong, unknown, revoked: nobody learns which.</summary>
    public static ServiceException BadCredential() => new(ErrorKind.Unauthenticated, "The credential is missing or not in force.");

    public static ServiceException NotDelegated() =>
        new(ErrorKind.Forbidden, "No delegation allows a certificate of this shape: ask the owner of the names for the CSR template that was agreed on.", "csr");

    public static ServiceException BadCsr(string detail) => new(ErrorKind.Invalid, detail, "csr");

    public static ServiceException TooMany(TimeSpan wait) => new(ErrorKind.TooMany, "Too many registrations. Wait, then try again.") { RetryAfter = wait };
}

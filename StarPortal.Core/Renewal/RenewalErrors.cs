using System.Globalization;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What this room expects to go wrong, in words for people.</summary>
public static class RenewalErrors
{
    /// <summary>Form fields of the renewal page.</summary>
    public const string PassphraseField = "Passphrase";
    public const string EmailField = "Email";
    public const string PhoneField = "Phone";
    public const string OrganisationField = "OrganisationId";
    public const string SigningRequestField = "SigningRequest";

    public static ServiceException AlreadyRenewed(DateTimeOffset at) =>
        new(ErrorKind.Conflict, $"This certificate was renewed already, on {Day(at)}. The new one is on your account page.");

    public static ServiceException Replaced() => new(ErrorKind.Conflict, "You have a newer certificate of the same name: there is nothing to renew here. It is on your account page.");

    public static ServiceException Declined(DateTimeOffset at) => new(ErrorKind.Conflict, $"You said on {Day(at)} that you do not need this certificate any more.");

    public static ServiceException NotDeclined() => new(ErrorKind.Conflict, "This certificate was not declined: there is nothing to take back.");

    public static ServiceException TooLateToUndo(DateTimeOffset until) =>
        new(ErrorKind.Gone, $"This could be taken back until {Day(until)}. If you need a certificate again, ask for one: it says the same name.");

    public static ServiceException Revoked() => new(ErrorKind.Conflict, "This certificate has been revoked and can't be renewed. Ask for a new one.");

    public static ServiceException TooLate(DateTimeOffset until) =>
        new(ErrorKind.Gone, $"This certificate has expired, and could be renewed until {Day(until)}. Ask for a new one: it says the same name.");

    public static ServiceException TooEarly(DateTimeOffset opensAt) => new(ErrorKind.Conflict, $"This certificate can be renewed from {Day(opensAt)} on.");

    public static ServiceException NotRenewable() => new(ErrorKind.Conflict, "Certificates of this kind are not renewed here.");

    public static ServiceException SignedOutside() => new(ErrorKind.Conflict, "Certificates of this kind come from a certificate authority outside, which renews none. Ask for a new one: it says the same name.");

    public static ServiceException Locked() => new(ErrorKind.Forbidden, "This account has been locked by an administrator. Talk to the officers of your organisation.");

    public static ServiceException OrganisationClosed() => new(ErrorKind.Conflict, "Your organisation takes part no more. Talk to its officers, or say below which one you belong to now.");

    public static ServiceException NotEntitled() =>
        new(ErrorKind.Conflict, "An officer of your organisation has said that you are no longer one of its people. If that is wrong, talk to them.");

    public static ServiceException BeingIssued() => new(ErrorKind.Conflict, "A new certificate of yours has just been approved and is being made. It appears on your account page in a moment.");

    public static ServiceException OtherPerson(string userName) =>
        new(ErrorKind.Forbidden, $"You are signed in as {userName}, and this link was mailed to somebody else. Sign out, then open it again.");

    public static ServiceException SignInFirst() => new(ErrorKind.Unauthenticated, "You hold the key of this certificate yourself. Sign in first: the link alone does not show that it is you.");

    public static ServiceException NotFound() => new(ErrorKind.NotFound, "You have no such certificate.");

    public static ServiceException SigningRequestMissing() => new(ErrorKind.Invalid, "Paste a signing request for your new key.", SigningRequestField);

    public static ServiceException SameKey() =>
        new(ErrorKind.Invalid, "This is a key that you have had a certificate for before. Make a new one: that is what renewing is for.", SigningRequestField);

    public static ServiceException Unissuable(string problem) => new(ErrorKind.Conflict, $"The certificate can't be made as things stand: {problem}");

    public static ServiceException BadAddress(string problem) => new(ErrorKind.Invalid, problem, EmailField);

    public static ServiceException TooManyAddresses() =>
        new(ErrorKind.TooMany, "You have given several other addresses today. Open the mail that was sent to one of them, or try again tomorrow.", EmailField) { RetryAfter = TimeSpan.FromDays(1) };

    public static ServiceException BadPhone(string problem) => new(ErrorKind.Invalid, problem, PhoneField);

    public static ServiceException UnknownOrganisation() => new(ErrorKind.Invalid, "Choose one of the organisations in the list.", OrganisationField);

    public static ServiceException Busy() => new(ErrorKind.Conflict, "Something else is happening to this certificate right now. Look again in a moment.") { RetryAfter = TimeSpan.FromSeconds(2) };

    public static ServiceException NobodyChosen() => new(ErrorKind.Invalid, "Choose at least one person.");

    public static ServiceException NotYours() => new(ErrorKind.NotFound, "Somebody in this list is not among the people that you decide about. Nothing was changed.");

    public static ServiceException Yourself() => new(ErrorKind.Forbidden, "Nobody says this of themselves: another officer has to.");

    internal static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}

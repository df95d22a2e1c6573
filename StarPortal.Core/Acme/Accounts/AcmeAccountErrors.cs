using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>What accounts are refused, with section 7.3 of RFC 8555 at hand.</summary>
public static class AcmeAccountErrors
{
    /// <summary>7.3.6: 401.</summary>
    public static AcmeException NotValid(AcmeAccountStatus status) => new(
        AcmeProblemType.Unauthorized, status is AcmeAccountStatus.Revoked ? "This account was revoked here. Ask the people who run this server." : "This account has been deactivated.",
        StatusCodes.Status401Unauthorized);

    public static AcmeException Unknown() => new(AcmeProblemType.AccountDoesNotExist, "There is no such account: the kid is the URL that newAccount answered with.");

    /// <summary>7.3.1.</summary>
    public static AcmeException NoneWithThisKey() => new(AcmeProblemType.AccountDoesNotExist, "No account has this key.");

    public static AcmeException TermsNotAgreed(string terms) =>
        new(AcmeProblemType.UserActionRequired, $"Accounts agree to the terms of service at {terms}: send termsOfServiceAgreed.") { Links = [new(terms, "terms-of-service")], Instance = terms };

    /// <summary>7.3.3.</summary>
    public static AcmeException TermsChanged(string terms) =>
        new(AcmeProblemType.UserActionRequired, $"The terms of service have changed. Read {terms}, then agree by an account update or newAccount with termsOfServiceAgreed.")
        {
            Links = [new(terms, "terms-of-service")], Instance = terms,
        };

    public static AcmeException UnsupportedContact() => new(AcmeProblemType.UnsupportedContact, "Contacts are mailto: URLs here.");

    public static AcmeException InvalidContact(string detail) => new(AcmeProblemType.InvalidContact, detail);

    /// <summary>7.3.4.</summary>
    public static AcmeException BindingRequired(string page) =>
        new(AcmeProblemType.ExternalAccountRequired, $"New accounts need an external account binding here: get its key id and MAC key at {page}.") { Instance = page };

    public static AcmeException BadBinding(string detail) => new(AcmeProblemType.Malformed, $"The externalAccountBinding is not usable: {detail}");

    public static AcmeException BindingRefused() =>
        new(AcmeProblemType.Unauthorized, "The externalAccountBinding is refused: its key id is unknown, used up, expired or revoked, or its MAC is wrong.", StatusCodes.Status401Unauthorized);

    /// <summary>7.3.5: 409 and the other account's URL.</summary>
    public static AcmeException KeyInUse(string account) =>
        new(AcmeProblemType.Malformed, "Another account has this key already.", StatusCodes.Status409Conflict) { Location = account };

    public static AcmeException BadKeyChange(string detail) => AcmeErrors.Malformed($"The key change is refused: {detail}");

    public static AcmeException Busy() => new(AcmeProblemType.ServerInternal, "The account is being changed by another request. Try again.", StatusCodes.Status503ServiceUnavailable) { RetryAfter = TimeSpan.FromSeconds(1) };
}

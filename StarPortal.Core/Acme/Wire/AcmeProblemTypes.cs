using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>What belongs to each error type: its name on the wire, and the HTTP status unless an error brings its own.</summary>
public static class AcmeProblemTypes
{
    public const string Namespace = "urn:ietf:params:acme:error:";

    private static readonly string[] Urns = [.. Enum.GetValues<AcmeProblemType>().Select(type => Namespace + type.Token)];

    extension(AcmeProblemType type)
    {
        /// <summary>The value of a problem document's <c>type</c>.</summary>
        public string Urn => Urns[(int)type];

        /// <summary>The registered name, such as <c>badNonce</c>.</summary>
        public string Token => Describe(type).Token;

        public int DefaultStatus => Describe(type).Status;
    }

    private static (string Token, int Status) Describe(AcmeProblemType type) => type switch
    {
        AcmeProblemType.AccountDoesNotExist => ("accountDoesNotExist", StatusCodes.Status400BadRequest), // RFC 8555 7.3.1
        AcmeProblemType.AlreadyReplaced => ("alreadyReplaced", StatusCodes.Status409Conflict), // RFC 9773 5
        AcmeProblemType.AlreadyRevoked => ("alreadyRevoked", StatusCodes.Status400BadRequest), // RFC 8555 7.6
        AcmeProblemType.AutoRenewalCanceled => ("autoRenewalCanceled", StatusCodes.Status403Forbidden), // RFC 8739 3.1.2
        AcmeProblemType.AutoRenewalCancellationInvalid => ("autoRenewalCancellationInvalid", StatusCodes.Status400BadRequest),
        AcmeProblemType.AutoRenewalExpired => ("autoRenewalExpired", StatusCodes.Status403Forbidden),
        AcmeProblemType.AutoRenewalRevocationNotSupported => ("autoRenewalRevocationNotSupported", StatusCodes.Status403Forbidden),
        AcmeProblemType.BadCsr => ("badCSR", StatusCodes.Status400BadRequest),
        AcmeProblemType.BadNonce => ("badNonce", StatusCodes.Status400BadRequest), // RFC 8555 6.5
        AcmeProblemType.BadPublicKey => ("badPublicKey", StatusCodes.Status400BadRequest), // RFC 8555 6.2
        AcmeProblemType.BadRevocationReason => ("badRevocationReason", StatusCodes.Status400BadRequest),
        AcmeProblemType.BadSignatureAlgorithm => ("badSignatureAlgorithm", StatusCodes.Status400BadRequest), // RFC 8555 6.2
        AcmeProblemType.Caa => ("caa", StatusCodes.Status403Forbidden),
        AcmeProblemType.Compound => ("compound", StatusCodes.Status400BadRequest),
        AcmeProblemType.Connection => ("connection", StatusCodes.Status400BadRequest),
        AcmeProblemType.Dns => ("dns", StatusCodes.Status400BadRequest),
        AcmeProblemType.ExternalAccountRequired => ("externalAccountRequired", StatusCodes.Status403Forbidden), // RFC 8555 7.3.4
        AcmeProblemType.IncorrectResponse => ("incorrectResponse", StatusCodes.Status403Forbidden),
        AcmeProblemType.InvalidContact => ("invalidContact", StatusCodes.Status400BadRequest), // RFC 8555 7.3
        AcmeProblemType.InvalidProfile => ("invalidProfile", StatusCodes.Status400BadRequest),
        AcmeProblemType.Malformed => ("malformed", StatusCodes.Status400BadRequest),
        AcmeProblemType.OrderNotReady => ("orderNotReady", StatusCodes.Status403Forbidden), // RFC 8555 7.4
        AcmeProblemType.RateLimited => ("rateLimited", StatusCodes.Status429TooManyRequests),
        AcmeProblemType.RejectedIdentifier => ("rejectedIdentifier", StatusCodes.Status400BadRequest),
        AcmeProblemType.ServerInternal => ("serverInternal", StatusCodes.Status500InternalServerError),
        AcmeProblemType.Tls => ("tls", StatusCodes.Status400BadRequest),
        AcmeProblemType.Unauthorized => ("unauthorized", StatusCodes.Status403Forbidden),
        AcmeProblemType.UnknownDelegation => ("unknownDelegation", StatusCodes.Status403Forbidden), // RFC 9115 2.3.1.3
        AcmeProblemType.UnsupportedContact => ("unsupportedContact", StatusCodes.Status400BadRequest),
        AcmeProblemType.UnsupportedIdentifier => ("unsupportedIdentifier", StatusCodes.Status400BadRequest),
        AcmeProblemType.UserActionRequired => ("userActionRequired", StatusCodes.Status403Forbidden), // RFC 8555 7.3.3
    };
}

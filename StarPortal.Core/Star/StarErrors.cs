using Microsoft.AspNetCore.Http;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>What STAR orders and their certificates are refused with (RFC 8739 section 7.5 for the types of its own).</summary>
public static class StarErrors
{
    /// <summary>RFC 8739 3.1.2: 403.</summary>
    public static AcmeException Canceled() => new(AcmeProblemType.AutoRenewalCanceled, "The order was canceled: its certificates are no longer renewed. Place a new order.");

    /// <summary>RFC 8739 3.1.2: 403.</summary>
    public static AcmeException Expired(DateTimeOffset end) =>
        new(AcmeProblemType.AutoRenewalExpired, $"The order ended on {end:yyyy-MM-dd 'at' HH:mm:ss} UTC as agreed, and its last certificate with it. Place a new order.");

    /// <summary>RFC 8739 3.1.2: 400.</summary>
    public static AcmeException CancellationInvalid(string status) =>
        new(AcmeProblemType.AutoRenewalCancellationInvalid, $"Only a valid order can be canceled; this one is {status}.");

    /// <summary>RFC 8739 3.1.2: 403.</summary>
    public static AcmeException RevocationNotSupported() =>
        new(AcmeProblemType.AutoRenewalRevocationNotSupported, "Certificates of a STAR order are not revoked (RFC 8739 3.1.2): cancel the order, and the last one ends by itself.");

    public static AcmeException NotNegotiated() => new(AcmeProblemType.Unauthorized,
        "This order did not ask for allow-certificate-get (RFC 8739 3.4): its certificate is fetched by a POST-as-GET of the account that ordered.");

    /// <summary>Of the look-up: nothing there is signed, nothing is changed.</summary>
    public static AcmeException OnlyLookedAt() => new(AcmeProblemType.Malformed, "The look-up answers to GET and HEAD.", StatusCodes.Status405MethodNotAllowed);

    /// <summary>Of the look-up, by the limit that all of the portal has.</summary>
    public static AcmeException AskedTooOften() => new(AcmeProblemType.RateLimited, "Too many requests from this address. Wait, then try again.");

    /// <summary>Of ids that no order has.</summary>
    public static AcmeException GuessedTooOften(TimeSpan wait) => AcmeOrderErrors.RateLimited("This address has asked for too many star-certificates that there are not. Wait, then try again.", wait);

    public static AcmeException NothingYet() => new(AcmeProblemType.OrderNotReady, "The order has no certificate yet: finalize it first.", StatusCodes.Status404NotFound);

    /// <summary>Renewals are late and the last certificate has ended: nothing that is served would be of use.</summary>
    public static AcmeException Late() => new(AcmeProblemType.ServerInternal, "The next certificate is late and the last one has ended. Try again in a few seconds.",
        StatusCodes.Status503ServiceUnavailable) { RetryAfter = TimeSpan.FromSeconds(5) };

    public static AcmeException TooMany(int most) => AcmeOrderErrors.RateLimited($"The account has {most} STAR orders that are not over, which is the most. Cancel some that are not needed.", TimeSpan.FromHours(1));
}

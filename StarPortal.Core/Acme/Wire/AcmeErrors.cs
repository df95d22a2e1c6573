using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>What is refused on the wire, whatever the resource.</summary>
public static class AcmeErrors
{
    public static AcmeException Malformed(string detail) => new(AcmeProblemType.Malformed, detail);

    public static AcmeException BadJson() => Malformed("This is not the JSON that is expected here: it is damaged, names a member twice, nests too deeply or has a member of another type.");

    /// <summary>Not there, or not this account's: nobody learns which.</summary>
    public static AcmeException NotFound() => new(AcmeProblemType.Malformed, "There is no such resource, or it is another account's.", StatusCodes.Status404NotFound);

    public static AcmeException MethodNotAllowed() =>
        new(AcmeProblemType.Malformed, "This resource does not answer to this method: send a signed POST (RFC 8555 6.3).", StatusCodes.Status405MethodNotAllowed);

    public static AcmeException UnsupportedMediaType() =>
        new(AcmeProblemType.Malformed, "Requests have the Content-Type application/jose+json (RFC 8555 6.2).", StatusCodes.Status415UnsupportedMediaType);

    public static AcmeException TooLarge() => new(AcmeProblemType.Malformed, "The request is larger than any that is needed.", StatusCodes.Status413PayloadTooLarge);

    public static AcmeException PlainHttp() => new(AcmeProblemType.Malformed, "ACME is spoken over HTTPS only (RFC 8555 6.1).", StatusCodes.Status403Forbidden);

    public static AcmeException BadNonce() => new(AcmeProblemType.BadNonce, "The anti-replay nonce is missing, unknown, used or too old. Try again with the one in this answer.");

    public static AcmeException BadAlgorithm(string detail, IReadOnlyList<string> algorithms) => new(AcmeProblemType.BadSignatureAlgorithm, detail) { Algorithms = algorithms };

    public static AcmeException BadKey(string detail) => new(AcmeProblemType.BadPublicKey, detail);

    public static AcmeException WrongUrl(string url) =>
        new(AcmeProblemType.Unauthorized, $"The JWS was made for another URL than {url} (RFC 8555 6.4).", StatusCodes.Status401Unauthorized);

    public static AcmeException BadSignature() => Malformed("The signature does not fit the content and the key.");

    public static AcmeException Unauthorized(string detail) => new(AcmeProblemType.Unauthorized, detail);

    public static AcmeException ServerInternal() => new(AcmeProblemType.ServerInternal, "Something went wrong here. It has been logged; try again later.");
}

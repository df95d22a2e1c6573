using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// Proof that somebody has the key of a certificate and wants it revoked: a PKCS#10 request, signed by that key, whose common name says so and names the certificate. A
/// request made for another purpose proves nothing here, and this one, seen by others, can only do once more what was done.
/// </summary>
/// <param name="SerialNumber">Which certificate.</param>
/// <param name="KeyHash">SHA-256 of the key that has signed, as the inventory has it.</param>
public sealed record RevocationProof(SerialNumber SerialNumber, string KeyHash)
{
    public const string Word = "revoke";

    /// <summary>The common name that a proof has.</summary>
    public static string CommonNameFor(SerialNumber serial) => $"{Word} {serial}";

    /// <param name="text">PEM, or its base64 alone.</param>
    /// <exception cref="ServiceException">Invalid, beside Proof.</exception>
    public static RevocationProof Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw RevocationErrors.ProofMissing();
        var request = Read(text);
        return request.Subject.CommonName?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [Word, var serial] && SerialNumber.TryParse(serial, out var number)
            ? new RevocationProof(number, request.KeyHash)
            : throw RevocationErrors.ProofOfSomethingElse();
    }

    private static SigningRequest Read(string text)
    {
        try
        {
            return SigningRequest.Parse(text);
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Invalid)
        {
            throw RevocationErrors.ProofUnreadable(refusal.Message);
        }
    }
}

using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>The key of the new certificate.</summary>
/// <param name="EncryptedPkcs8">Under the passphrase; null: the person has it.</param>
internal sealed record NewKey(byte[] PublicKeyInfo, byte[]? EncryptedPkcs8)
{
    /// <summary>Made here under the passphrase that the old one had, or read from the person's own signing request.</summary>
    /// <param name="keptHere">Whether the portal keeps the present key.</param>
    /// <exception cref="ServiceException">Invalid, beside the signing request: missing, unreadable, or not signed by its key.</exception>
    public static NewKey Of(RenewalForm form, IssuanceProfile profile, bool keptHere)
    {
        if (!string.IsNullOrWhiteSpace(form.SigningRequest)) return new(Read(form.SigningRequest).PublicKeyInfo, null);
        if (!keptHere) throw RenewalErrors.SigningRequestMissing();
        var key = ProtectedKeys.Make(profile, form.Passphrase!);
        return new(key.PublicKeyInfo, key.EncryptedPkcs8);
    }

    private static SigningRequest Read(string text)
    {
        SigningRequest request;
        try
        {
            request = SigningRequest.Parse(text);
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Invalid)
        {
            throw new ServiceException(ErrorKind.Invalid, refusal.Message, RenewalErrors.SigningRequestField);
        }

        return request.Findings.FirstOrDefault(finding => finding.Severity is FindingSeverity.Block) is { } problem
            ? throw new ServiceException(ErrorKind.Invalid, problem.Message, RenewalErrors.SigningRequestField) : request;
    }
}

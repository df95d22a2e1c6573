using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>The account that signed a request, with what an order of it depends on.</summary>
/// <param name="Binding">Its external account key, if it has one.</param>
/// <param name="Actor">For the audit log.</param>
/// <param name="AccountUrl">What CAA records may name (RFC 8657).</param>
/// <param name="KeyHash">SHA-256 of the account key's SubjectPublicKeyInfo: no certificate is issued for it.</param>
public sealed record AcmeCaller(AcmeAccount Account, ExternalAccountKey? Binding, Actor Actor, string AccountUrl, string KeyHash)
{
    public string? Address => Actor.Address;

    /// <exception cref="AcmeException">unauthorized: the request was not signed by an account.</exception>
    public static AcmeCaller Of(AcmeRequest request) =>
        new(request.Signer, request.Binding, request.Actor, request.Links.Account(request.Signer.Id), request.Key.KeyHash);
}

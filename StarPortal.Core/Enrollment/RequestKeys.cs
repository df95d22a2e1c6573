using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Keys that the portal makes for people. They exist in the clear in memory only, while they are made; what is kept is encrypted under the
/// person's passphrase and sealed with the server key around it, so that neither the database nor the portal alone opens it.
/// </summary>
public sealed class RequestKeys(ServerKey serverKey, IssuanceProfiles profiles, ExternalAuthority external)
{
    private const string Purpose = "enrollment-key";

    /// <returns>The sealed key and its SubjectPublicKeyInfo.</returns>
    internal (byte[] Sealed, byte[] PublicKeyInfo) Make(string profile, string passphrase)
    {
        var pair = ProtectedKeys.Make(profiles.Get(profile), passphrase);
        return (serverKey.Seal(Purpose, pair.EncryptedPkcs8), pair.PublicKeyInfo);
    }

    /// <summary>The PKCS#10 request that a CA outside needs, signed by a sealed key while the passphrase is at hand.</summary>
    /// <param name="profile">Null is returned unless its certificates come from outside.</param>
    /// <param name="envelope">As <see cref="Make"/> sealed it.</param>
    /// <param name="passphrase">Under which the key lies.</param>
    /// <param name="subject">DER.</param>
    /// <param name="names">For its extension request.</param>
    /// <exception cref="ServiceException">Invalid: not the passphrase.</exception>
    internal byte[]? FindSigningRequest(string profile, byte[] envelope, string passphrase, byte[] subject, IReadOnlyList<SubjectAlternativeName> names)
    {
        if (!external.Signs(profile)) return null;
        using var key = ProtectedKeys.Open(serverKey.Open(Purpose, envelope), passphrase);
        return SigningRequestWriter.Write(key, subject, names);
    }

    /// <summary>The request that the person sent, if a CA outside is to have it.</summary>
    internal byte[]? FindSigningRequest(string profile, SigningRequest request) => external.Signs(profile) ? request.Encoded : null;

    /// <returns>The same key under the new passphrase, sealed; null: it does not lie under the old one.</returns>
    internal byte[]? TryChange(byte[] envelope, PassphrasePair passphrases)
    {
        try
        {
            using var key = ProtectedKeys.Open(serverKey.Open(Purpose, envelope), passphrases.Old);
            return serverKey.Seal(Purpose, ProtectedKeys.Encrypt(key, passphrases.New));
        }
        catch (ServiceException error) when (error.Kind is ErrorKind.Invalid)
        {
            return null;
        }
    }

    /// <returns>The PKCS#8 of an open request, still encrypted under the person's passphrase; null when the person has the key.</returns>
    public byte[]? OpenEnvelope(EnrollmentRequest request) =>
        request.EncryptedKey is { } envelope ? serverKey.Open(Purpose, envelope) : null;
}

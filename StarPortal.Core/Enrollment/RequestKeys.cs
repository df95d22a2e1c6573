using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Keys that the portal makes for people. They exist in the clear in memory only, while they are made; what is kept is encrypted under the
/// person's passphrase and sealed with the server key around it, so that neither the database nor the portal alone opens it.
/// </summary>
public sealed class RequestKeys(ServerKey serverKey, IssuanceProfiles profiles)
{
    private const string Purpose = "enrollment-key";

    /// <returns>The sealed key and its SubjectPublicKeyInfo.</returns>
    internal (byte[] Sealed, byte[] PublicKeyInfo) Make(string profile, string passphrase)
    {
        var pair = ProtectedKeys.Make(profiles.Get(profile), passphrase);
        return (serverKey.Seal(Purpose, pair.EncryptedPkcs8), pair.PublicKeyInfo);
    }

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

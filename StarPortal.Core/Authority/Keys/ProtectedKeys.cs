using System.Security.Cryptography;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>A key made by the portal: PKCS#8 under the person's passphrase, and its public half (SubjectPublicKeyInfo DER).</summary>
public sealed record KeyPair(byte[] EncryptedPkcs8, byte[] PublicKeyInfo);

/// <summary>
/// Private keys as PKCS#8 EncryptedPrivateKeyInfo: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256 (RFC 8018), which OpenSSL, GnuTLS,
/// NSS, Java and the MyProxy tools read.
/// </summary>
public static class ProtectedKeys
{
    /// <summary>
    /// PBKDF2 rounds for a person's passphrase: about 50 ms of one core, which every MyProxy logon pays. What is stored lies in a
    /// <see cref="ServerKey"/> envelope besides, so that a stolen database alone leaves nothing to guess at.
    /// </summary>
    public const int PassphraseRounds = 100_000;

    /// <summary>Makes a key of the kind that the profile asks for and encrypts it. The plain key lives in memory only, for as long as this takes.</summary>
    public static KeyPair Make(IssuanceProfile profile, string passphrase) => Make(profile.PortalKey, passphrase);

    public static KeyPair Make(KeyAlgorithm algorithm, string passphrase)
    {
        using var key = algorithm.MakeKey();
        return new KeyPair(Encrypt(key, passphrase), key.ExportSubjectPublicKeyInfo());
    }

    public static byte[] Encrypt(AsymmetricAlgorithm key, string passphrase, int rounds = PassphraseRounds) =>
        key.ExportEncryptedPkcs8PrivateKey(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, rounds));

    /// <summary>Decrypts a key; the caller disposes of it.</summary>
    /// <exception cref="ServiceException">Invalid, field Passphrase: not the passphrase of this key.</exception>
    public static AsymmetricAlgorithm Open(byte[] encryptedPkcs8, string passphrase) =>
        TryOpen(RSA.Create(), encryptedPkcs8, passphrase) ?? TryOpen(ECDsa.Create(), encryptedPkcs8, passphrase) ?? throw AuthorityErrors.WrongPassphrase();

    private static AsymmetricAlgorithm? TryOpen(AsymmetricAlgorithm key, byte[] encryptedPkcs8, string passphrase)
    {
        try
        {
            key.ImportEncryptedPkcs8PrivateKey(passphrase, encryptedPkcs8, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}

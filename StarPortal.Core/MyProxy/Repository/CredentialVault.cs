using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;

namespace StarPortal.Core.MyProxy;

/// <summary>The envelopes around stored keys, and the keys in them.</summary>
public sealed class CredentialVault(ServerKey serverKey, IOptions<MyProxyOptions> options)
{
    /// <summary>What a passphrase is tried on when there is nothing else to try it on: the answer takes the same work.</summary>
    private readonly Lazy<StoredKey> decoy = new(() =>
    {
        using var key = RSA.Create(2048);
        return StoredKeys.Encrypt(key, RandomNumberGenerator.GetBytes(32), options.Value.KeyDerivationRounds);
    });

    /// <summary>Bound to the row: an envelope from another row does not open.</summary>
    internal byte[] Seal(Guid id, StoredKey key) => serverKey.Seal(PurposeOf(id), key.Content);

    /// <summary>The key as it is kept, mostly under its passphrase still.</summary>
    internal StoredKey Unseal(StoredCredential credential) => new(credential.KeyForm, serverKey.Open(PurposeOf(credential.Id), credential.SealedKey));

    /// <returns>The caller disposes of it; null: not the passphrase.</returns>
    internal AsymmetricAlgorithm? TryOpen(StoredCredential credential, ReadOnlySpan<byte> passphrase) =>
        credential.IsPassphraseless ? TryDecoy(passphrase) : StoredKeys.TryOpen(Unseal(credential), credential.KeyKind, passphrase);

    /// <returns>Null, after the same work as for a wrong passphrase.</returns>
    internal AsymmetricAlgorithm? TryDecoy(ReadOnlySpan<byte> passphrase) => StoredKeys.TryOpen(decoy.Value, KeyKind.Rsa, passphrase);

    /// <summary>A key without a passphrase.</summary>
    internal AsymmetricAlgorithm OpenPlain(StoredCredential credential)
    {
        var plain = Unseal(credential);
        try
        {
            return StoredKeys.Open(plain, credential.KeyKind);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain.Content);
        }
    }

    internal StoredKey Encrypt(AsymmetricAlgorithm key, ReadOnlySpan<byte> passphrase) =>
        passphrase.Length == 0 ? StoredKeys.Keep(key) : StoredKeys.Encrypt(key, passphrase, options.Value.KeyDerivationRounds);

    /// <summary>Whether the key is not as this server would write it.</summary>
    internal bool IsForeign(StoredKey key) => key.Form switch
    {
        StoredKeyForm.Pkcs8 => Pkcs8Header.Read(key.Content) is not { IsPbes2: true } header || header.Rounds != options.Value.KeyDerivationRounds,
        StoredKeyForm.TraditionalPem => true,
        StoredKeyForm.Plain => false,
    };

    private static string PurposeOf(Guid id) => $"myproxy:{id:N}";
}

using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// OpenSSL's own encryption of PEM keys (<c>Proc-Type: 4,ENCRYPTED</c>), which genuine servers write: one round of MD5 makes the key, so nothing is ever encrypted like this here, only decrypted.
/// </summary>
internal static class TraditionalEncryption
{
    private const int SaltLength = 8;

    /// <returns>The key in DER, to be wiped; null: not this passphrase, or a cipher that is none of ours.</returns>
    public static byte[]? TryDecrypt(PemPart part, ReadOnlySpan<byte> passphrase)
    {
        if (!part.Headers.TryGetValue("DEK-Info", out var info) || info.Split(',') is not [var cipherName, var iv]) return null;
        try
        {
            using var cipher = MakeCipher(cipherName);
            if (cipher is null) return null;
            cipher.IV = Convert.FromHexString(iv.Trim());
            var key = DeriveKey(passphrase, cipher.IV.AsSpan(0, SaltLength), cipher.KeySize / 8);
            cipher.Key = key;
            CryptographicOperations.ZeroMemory(key);
            return cipher.DecryptCbc(part.Content, cipher.IV);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether <see cref="TryDecrypt"/> knows the cipher.</summary>
    public static bool IsKnown(PemPart part)
    {
        using var cipher = part.Headers.TryGetValue("DEK-Info", out var info) ? MakeCipher(info.Split(',')[0]) : null;
        return cipher is not null;
    }

#pragma warning disable CA5350, CA5351, CA5401 // What genuine servers wrote: it is read here, and never written.
    private static SymmetricAlgorithm? MakeCipher(string name)
    {
        SymmetricAlgorithm? cipher = name.Trim().ToUpperInvariant() switch
        {
            "DES-EDE3-CBC" => TripleDES.Create(),
            "AES-128-CBC" or "AES-192-CBC" or "AES-256-CBC" => Aes.Create(),
            _ => null,
        };
        if (cipher is Aes) cipher.KeySize = int.Parse(name.AsSpan().Trim().Slice(4, 3), System.Globalization.CultureInfo.InvariantCulture);
        return cipher;
    }

    /// <summary>EVP_BytesToKey(3) with MD5 and one round: each block hashes the one before, the passphrase and the salt.</summary>
    private static byte[] DeriveKey(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, int length)
    {
        var key = new byte[length];
        Span<byte> block = stackalloc byte[MD5.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (var at = 0; at < length; at += block.Length)
        {
            if (at > 0) hash.AppendData(block);
            hash.AppendData(passphrase);
            hash.AppendData(salt);
            hash.GetHashAndReset(block);
            block[..Math.Min(block.Length, length - at)].CopyTo(key.AsSpan(at));
        }

        CryptographicOperations.ZeroMemory(block);
        return key;
    }
#pragma warning restore CA5350, CA5351, CA5401
}

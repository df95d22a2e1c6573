using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Opens and closes keys: in the clear they are in memory only, and only while they are used.</summary>
internal static class StoredKeys
{
    private static readonly string[] PlainLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    /// <summary>Under a passphrase; PBES2, AES-256-CBC, PBKDF2-HMAC-SHA-256 (RFC 8018).</summary>
    public static StoredKey Encrypt(AsymmetricAlgorithm key, ReadOnlySpan<byte> passphrase, int rounds) => new(StoredKeyForm.Pkcs8,
        key.ExportEncryptedPkcs8PrivateKey(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, rounds)));

    /// <summary>Without a passphrase: the envelope is all that protects it.</summary>
    public static StoredKey Keep(AsymmetricAlgorithm key) => new(StoredKeyForm.Plain, key.ExportPkcs8PrivateKey());

    /// <summary>A key as a client or a genuine server's file has it, which stays as it is when it is encrypted.</summary>
    /// <exception cref="ServiceException">Invalid: none that this server can open later.</exception>
    public static StoredKey Read(PemPart part)
    {
        if (part.Label == "ENCRYPTED PRIVATE KEY")
            return Pkcs8Header.Read(part.Content) is null ? throw MyProxyErrors.NotValid("The key is encrypted in a way that this server does not open.") : new StoredKey(StoredKeyForm.Pkcs8, part.Content);
        if (!PlainLabels.Contains(part.Label, StringComparer.Ordinal)) throw MyProxyErrors.NotValid($"A key of the kind {part.Label} is of no use here.");
        if (part.IsTraditionallyEncrypted)
            return TraditionalEncryption.IsKnown(part) ? new StoredKey(StoredKeyForm.TraditionalPem, Encoding.ASCII.GetBytes(part.Text)) : throw MyProxyErrors.NotValid("The key is encrypted by a cipher that this server does not know.");
        using var key = TryImport(part.Label, part.Content) ?? throw MyProxyErrors.NotValid("The key can't be read.");
        return Keep(key);
    }

    /// <returns>The caller disposes of it; null: not the passphrase, or no key of this kind.</returns>
    public static AsymmetricAlgorithm? TryOpen(StoredKey key, KeyKind kind, ReadOnlySpan<byte> passphrase) => key.Form switch
    {
        StoredKeyForm.Pkcs8 => TryOpenPkcs8(key.Content, kind, passphrase),
        StoredKeyForm.TraditionalPem => TryOpenTraditional(key.Content, passphrase),
        StoredKeyForm.Plain => null,
    };

    /// <summary>A key that has no passphrase.</summary>
    public static AsymmetricAlgorithm Open(StoredKey plain, KeyKind kind)
    {
        var key = MakeEmpty(kind);
        key.ImportPkcs8PrivateKey(plain.Content, out _);
        return key;
    }

    /// <summary>The key in PEM, as protected as it is kept.</summary>
    public static string ToPem(StoredKey key) => key.Form switch
    {
        StoredKeyForm.Pkcs8 => PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", key.Content) + "\n",
        StoredKeyForm.TraditionalPem => Encoding.ASCII.GetString(key.Content),
        StoredKeyForm.Plain => PemEncoding.WriteString("PRIVATE KEY", key.Content) + "\n",
    };

    private static AsymmetricAlgorithm? TryOpenPkcs8(byte[] content, KeyKind kind, ReadOnlySpan<byte> passphrase)
    {
        if (Pkcs8Header.Read(content) is not { } header) return null;
        var key = MakeEmpty(kind);
        try
        {
            if (header.IsPbes2) key.ImportEncryptedPkcs8PrivateKey(passphrase, content, out _);
            else ImportByCharacters(key, content, passphrase);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static void ImportByCharacters(AsymmetricAlgorithm key, byte[] content, ReadOnlySpan<byte> passphrase)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(passphrase.Length)];
        try
        {
            key.ImportEncryptedPkcs8PrivateKey(characters.AsSpan(0, Encoding.UTF8.GetChars(passphrase, characters)), content, out _);
        }
        finally
        {
            Array.Clear(characters);
        }
    }

    private static AsymmetricAlgorithm? TryOpenTraditional(byte[] pem, ReadOnlySpan<byte> passphrase)
    {
        var part = PemPart.ReadAll(Encoding.ASCII.GetString(pem))[0];
        if (TraditionalEncryption.TryDecrypt(part, passphrase) is not { } der) return null;
        try
        {
            return TryImport(part.Label, der);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static AsymmetricAlgorithm? TryImport(string label, byte[] der)
    {
        AsymmetricAlgorithm? key = null;
        try
        {
            key = label switch { "RSA PRIVATE KEY" => RSA.Create(), "EC PRIVATE KEY" => ECDsa.Create(), _ => null };
            if (key is null) return Pkcs8.ImportKey(der);
            if (key is RSA rsa) rsa.ImportRSAPrivateKey(der, out _);
            else ((ECDsa)key).ImportECPrivateKey(der, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key?.Dispose();
            return null;
        }
    }

    private static AsymmetricAlgorithm MakeEmpty(KeyKind kind) => kind switch { KeyKind.Rsa => RSA.Create(), KeyKind.Ec => ECDsa.Create() };
}

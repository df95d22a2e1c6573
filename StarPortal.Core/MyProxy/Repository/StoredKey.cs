namespace StarPortal.Core.MyProxy;

/// <summary>In which form a key lies in its envelope.</summary>
public enum StoredKeyForm
{
    /// <summary>EncryptedPrivateKeyInfo, DER.</summary>
    Pkcs8,

    /// <summary>OpenSSL's own encrypted PEM as it came, until the first good passphrase turns it into <see cref="Pkcs8"/>.</summary>
    TraditionalPem,

    /// <summary>PrivateKeyInfo, DER: a credential without a passphrase.</summary>
    Plain,
}

/// <summary>A key as it is kept, without its envelope.</summary>
internal sealed record StoredKey(StoredKeyForm Form, byte[] Content);

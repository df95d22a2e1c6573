using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>A delegated OCSP signer: certificate, and key in a <see cref="ServerKey"/> envelope. Shared by all nodes.</summary>
public sealed class OcspSigner
{
    /// <summary>Purpose of the envelope.</summary>
    internal const string KeyPurpose = "ocsp-signer";

    private OcspSigner()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public string Issuer { get; private set; } = "";

    public DateTimeOffset NotBefore { get; private set; }

    public DateTimeOffset NotAfter { get; private set; }

    public byte[] Der { get; private set; } = [];

    public byte[] SealedKey { get; private set; } = [];

    internal static OcspSigner Of(string issuer, CertificateContent content, byte[] der, byte[] sealedKey) => new()
    {
        Issuer = issuer, NotBefore = content.NotBefore, NotAfter = content.NotAfter, Der = der, SealedKey = sealedKey,
    };
}

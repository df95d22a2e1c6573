using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>A certificate of a listener of ours and its key, in a <see cref="ServerKey"/> envelope: nodes of one name share it.</summary>
public sealed class HostCertificate
{
    /// <summary>Purpose of the envelope.</summary>
    internal const string KeyPurpose = "tls";

    private HostCertificate()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>The names with spaces between, sorted.</summary>
    public string Names { get; private set; } = "";

    public Guid CertificateId { get; private set; }

    public byte[] SealedKey { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    internal static HostCertificate Of(string names, Guid certificateId, byte[] sealedKey, DateTimeOffset now) => new()
    {
        Names = names, CertificateId = certificateId, SealedKey = sealedKey, CreatedAt = now,
    };
}

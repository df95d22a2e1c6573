using StarPortal.Core.Authority;

namespace StarPortal.Core.MyProxy;

/// <summary>A chain and its key, read and checked.</summary>
internal sealed record CredentialContent(
    StoredKey Key, KeyKind KeyKind, IReadOnlyList<byte[]> Chain, string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public const int MaxSubject = 2_000;

    /// <summary>The certificate in the chain that is one of ours, and its holder.</summary>
    public Guid? CertificateId { get; init; }

    public Guid? UserId { get; init; }

    public byte[] ChainBytes() => [.. Chain.SelectMany(der => der)];
}

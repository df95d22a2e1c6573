using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

public enum ConsumerCredentialKind
{
    /// <summary>A token, shown once: bearer, or the password of HTTP Basic with the consumer's id as user name.</summary>
    Token,

    /// <summary>A TLS client certificate, by its key.</summary>
    Certificate,

    /// <summary>ACME accounts of the delegation directory, opened with an external account key (RFC 8555 7.3.4).</summary>
    AcmeAccount,
}

/// <summary>What a consumer shows to be known by.</summary>
public sealed class ConsumerCredential
{
    private ConsumerCredential()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid ConsumerId { get; private set; }

    public ConsumerCredentialKind Kind { get; private set; }

    /// <summary>What people recognise it by.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Of a token, as <see cref="SecureTokens.Hash"/>; of a certificate, SHA-256 of its SubjectPublicKeyInfo in lower-case hex; of an account, the external account key's id. Unique.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Of an account.</summary>
    public Guid? ExternalAccountKeyId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public static ConsumerCredential OfToken(Guid consumerId, string token, DateTimeOffset now) =>
        new() { ConsumerId = consumerId, Kind = ConsumerCredentialKind.Token, Label = $"…{token[^4..]}", Secret = SecureTokens.Hash(token), CreatedAt = now };

    /// <param name="keyHash">As <see cref="Secret"/>.</param>
    public static ConsumerCredential OfCertificate(Guid consumerId, string subject, string keyHash, DateTimeOffset now) =>
        new() { ConsumerId = consumerId, Kind = ConsumerCredentialKind.Certificate, Label = subject, Secret = keyHash, CreatedAt = now };

    public static ConsumerCredential OfAccount(Guid consumerId, string keyId, Guid externalAccountKeyId, DateTimeOffset now) =>
        new() { ConsumerId = consumerId, Kind = ConsumerCredentialKind.AcmeAccount, Label = keyId, Secret = $"eab:{externalAccountKeyId:N}", ExternalAccountKeyId = externalAccountKeyId, CreatedAt = now };

    /// <exception cref="ServiceException">Conflict.</exception>
    public void Revoke(DateTimeOffset now)
    {
        if (RevokedAt is not null) throw DelegationErrors.CredentialRevoked();
        RevokedAt = now;
    }
}

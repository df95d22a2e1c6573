using System.Text.Json;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A credential as it goes from one portal to the other, inside an envelope. The key in it is under its passphrase still.</summary>
/// <param name="Pem">The certificate, its key, the rest of the chain.</param>
internal sealed record MirrorContent(string UserName, string CredentialName, string Owner, string Pem)
{
    public string? Description { get; init; }

    /// <summary>Seconds that proxies may live; null: as long as the credential.</summary>
    public long? Lifetime { get; init; }

    public string? Retrievers { get; init; }

    public string? KeyRetrievers { get; init; }

    public string? TrustedRetrievers { get; init; }

    public string? Renewers { get; init; }

    /// <summary>What whoever logs on is told; null: it is not locked.</summary>
    public string? Lock { get; init; }

    /// <param name="key">As it is kept, without its envelope.</param>
    public static MirrorContent Of(StoredCredential row, StoredKey key) =>
        new(row.UserName, row.CredentialName, row.Owner, CredentialPem.Write(CredentialChain.Split(row.Chain), key))
        {
            Description = row.Description,
            Lifetime = (long?)row.MaxLifetime?.TotalSeconds,
            Retrievers = row.Retrievers,
            KeyRetrievers = row.KeyRetrievers,
            TrustedRetrievers = row.TrustedRetrievers,
            Renewers = row.Renewers,
            Lock = row.LockMessage,
        };

    /// <summary>The same content has the same bytes.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, MirrorJson.Options);

    /// <exception cref="ServiceException">Invalid: not such a content.</exception>
    public static MirrorContent Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<MirrorContent>(bytes, MirrorJson.Options) ?? throw MyProxyErrors.BadCopy("it is empty.");
        }
        catch (JsonException)
        {
            throw MyProxyErrors.BadCopy("its content is not as agreed: the two portals may be of different versions.");
        }
    }

    /// <summary>What to store of it.</summary>
    /// <exception cref="ServiceException">Invalid: nothing that could be served.</exception>
    public NewCredential Check()
    {
        TextRules.Require(Owner, "owner", CredentialContent.MaxSubject);
        if (Lock is not null) TextRules.Require(Lock, "lock message", StoredCredential.MaxLockMessage);
        if (Lifetime is < 0 or > int.MaxValue) throw MyProxyErrors.BadCopy("its lifetime is none.");
        var policies = new CredentialPolicies(Retrievers, KeyRetrievers, TrustedRetrievers, Renewers);
        var terms = new CredentialTerms(Description, Lifetime is { } seconds ? TimeSpan.FromSeconds(seconds) : null, policies).Check();
        return new NewCredential(CredentialKey.Parse(UserName, CredentialName), Owner, CredentialOrigin.Mirror, CredentialPem.Read(Pem), terms);
    }
}

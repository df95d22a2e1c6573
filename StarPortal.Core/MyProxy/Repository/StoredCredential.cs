using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// A credential that clients log on to: a certificate chain and its key, which lies encrypted under the passphrase inside the server key's envelope. The passphrase is
/// not kept in any form.
/// </summary>
public sealed class StoredCredential
{
    public const int MaxLockMessage = 500;

    private StoredCredential()
    {
    }

    /// <summary>The envelope is bound to it.</summary>
    public Guid Id { get; private set; } = SecureTokens.NewId();

    public string UserName { get; private set; } = "";

    /// <summary>Empty: the one that clients get who name none.</summary>
    public string CredentialName { get; private set; } = "";

    /// <summary>Of <see cref="UserName"/>: see <see cref="CredentialKey"/>.</summary>
    public string UserHash { get; private set; } = "";

    /// <summary>Of both names; unique.</summary>
    public string NameHash { get; private set; } = "";

    /// <summary>One-line name of whoever put it there, and may see, change and remove it.</summary>
    public string Owner { get; private set; } = "";

    public string OwnerHash { get; private set; } = "";

    /// <summary>One-line name of the end-entity certificate in the chain: whom proxies speak for.</summary>
    public string Subject { get; private set; } = "";

    public CredentialOrigin Origin { get; private set; }

    /// <summary>The person whose certificate is in the chain, as far as it is one of ours.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>The certificate in the chain that is one of ours: its revocation ends logons at once.</summary>
    public Guid? CertificateId { get; private set; }

    public KeyKind KeyKind { get; private set; }

    public StoredKeyForm KeyForm { get; private set; }

    /// <summary>The key in its form inside the server key's envelope.</summary>
    public byte[] SealedKey { get; private set; } = [];

    /// <summary>DER, one after the other, the signer of the next proxy first.</summary>
    public byte[] Chain { get; private set; } = [];

    /// <summary>The latest in the chain.</summary>
    public DateTimeOffset NotBefore { get; private set; }

    /// <summary>The earliest in the chain.</summary>
    public DateTimeOffset NotAfter { get; private set; }

    public string? Description { get; private set; }

    public TimeSpan? MaxLifetime { get; private set; }

    public string? Retrievers { get; private set; }

    public string? KeyRetrievers { get; private set; }

    public string? TrustedRetrievers { get; private set; }

    public string? Renewers { get; private set; }

    /// <summary>Null: not locked.</summary>
    public string? LockMessage { get; private set; }

    /// <summary>The person who locked an own credential, and may open it again; null: it was an administrator.</summary>
    public Guid? LockedBy { get; private set; }

    public DateTimeOffset StoredAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Name of the client.</summary>
    public string? LastUsedBy { get; private set; }

    public string? LastUsedFrom { get; private set; }

    /// <summary>Another after each change, uses apart: the concurrency token.</summary>
    public int Revision { get; private set; }

    public bool IsPassphraseless => KeyForm is StoredKeyForm.Plain;

    public CredentialPolicies Policies => new(Retrievers, KeyRetrievers, TrustedRetrievers, Renewers);

    public CredentialTerms Terms => new(Description, MaxLifetime, Policies);

    internal CredentialKey Key => new(UserName, CredentialName);

    internal static StoredCredential Create(CredentialKey key) =>
        new() { UserName = key.UserName, CredentialName = key.CredentialName, UserHash = key.UserHash, NameHash = key.Hash };

    /// <summary>All of it is another now: content, terms and owner. A lock stays: it is not for the owner to open.</summary>
    internal void Replace(string owner, CredentialOrigin origin, CredentialContent content, byte[] sealedKey, CredentialTerms terms, DateTimeOffset now)
    {
        (Owner, OwnerHash, Origin, StoredAt) = (owner, CredentialKey.HashOf(owner), origin, now);
        (Subject, UserId, CertificateId) = (content.Subject, content.UserId, content.CertificateId);
        (KeyKind, Chain, NotBefore, NotAfter) = (content.KeyKind, content.ChainBytes(), content.NotBefore, content.NotAfter);
        (Description, MaxLifetime) = (terms.Description, terms.MaxLifetime);
        (Retrievers, KeyRetrievers, TrustedRetrievers, Renewers) = terms.Policies;
        (LastUsedAt, LastUsedBy, LastUsedFrom) = (null, null, null);
        ChangeKey(content.Key.Form, sealedKey);
    }

    /// <summary>A lock that came with it from a genuine server; null: none.</summary>
    internal void CarryLock(string? message) => (LockMessage, LockedBy) = (message ?? LockMessage, message is null ? LockedBy : null);

    /// <summary>The lock of the credential that this one is a copy of; null: none.</summary>
    internal void FollowLock(string? message) => (LockMessage, LockedBy) = (message, null);

    internal void ChangeKey(StoredKeyForm form, byte[] sealedKey)
    {
        (KeyForm, SealedKey) = (form, sealedKey);
        Revision++;
    }

    /// <param name="holder">Whose own lock it is; null: an administrator's, which goes over it.</param>
    /// <exception cref="ServiceException">Invalid: no message; Conflict: an administrator locked it already.</exception>
    internal void Lock(string message, Guid? holder)
    {
        if (LockMessage is not null && LockedBy is null && holder is not null) throw MyProxyErrors.LockedByAdministrator();
        var words = message.Trim();
        TextRules.Require(words, "lock message", MaxLockMessage);
        (LockMessage, LockedBy) = (words.Length > 0 ? words : throw MyProxyErrors.NoLockMessage(), holder);
        Revision++;
    }

    /// <exception cref="ServiceException">Conflict: it is not locked, or not by this person.</exception>
    internal void Unlock(Guid? holder)
    {
        if (LockMessage is null) throw MyProxyErrors.NotLocked();
        if (holder is not null && LockedBy != holder) throw MyProxyErrors.LockedByAdministrator();
        (LockMessage, LockedBy) = (null, null);
        Revision++;
    }

    internal void NoteUse(MyProxyClient client, DateTimeOffset now) =>
        (LastUsedAt, LastUsedBy, LastUsedFrom) = (now, client.Name.Length > CredentialContent.MaxSubject ? client.Name[..CredentialContent.MaxSubject] : client.Name, client.Address);

    internal StoredCredential Copy() => (StoredCredential)MemberwiseClone();
}

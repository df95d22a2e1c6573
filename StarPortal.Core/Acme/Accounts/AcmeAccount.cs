using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>An ACME account (RFC 8555 7.1.2): a key that orders certificates. A person is a <c>PortalUser</c>; the owner of an account may be one.</summary>
public sealed class AcmeAccount
{
    internal const string InternalDirectory = "internal";

    private AcmeAccount()
    {
    }

    /// <summary>Never reused: CAA records name the account's URL (RFC 8657 3).</summary>
    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>The <see cref="AcmeLinks.BasePath"/> of the directory that it belongs to.</summary>
    public string Directory { get; private set; } = "";

    /// <summary>The portal itself orders by it, in process, on behalf of its owner: nobody has its key, and no directory serves it.</summary>
    public bool IsInternal => Directory == InternalDirectory;

    /// <summary>RFC 7638 thumbprint of the key; unique in its directory. The concurrency token of a key change.</summary>
    public string Thumbprint { get; private set; } = "";

    /// <summary>The public key as <see cref="AcmeJwk.Json"/>.</summary>
    public string Jwk { get; private set; } = "";

    public AcmeAccountStatus Status { get; private set; }

    /// <summary>mailto URLs.</summary>
    public List<string> Contacts { get; private set; } = [];

    /// <summary>URL of the terms that were agreed to last; null: none.</summary>
    public string? AgreedTerms { get; private set; }

    public DateTimeOffset? TermsAgreedAt { get; private set; }

    /// <summary>The person who answers for it, by way of an EAB credential or an approval in the portal.</summary>
    public Guid? OwnerId { get; private set; }

    public Guid? ExternalAccountKeyId { get; private set; }

    /// <summary>The inner JWS of the binding as it was sent: what the account object reflects (RFC 8555 7.3.4).</summary>
    public string? ExternalAccountBinding { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Where the last request that changed the account came from.</summary>
    public string? LastAddress { get; private set; }

    public string? LastUserAgent { get; private set; }

    public static AcmeAccount Create(string directory, AcmeJwk key, IEnumerable<string> contacts, string? agreedTerms, DateTimeOffset now) => new()
    {
        Directory = directory,
        Thumbprint = key.Thumbprint,
        Jwk = key.Json,
        Contacts = [.. contacts],
        AgreedTerms = agreedTerms,
        TermsAgreedAt = agreedTerms is null ? null : now,
        CreatedAt = now,
    };

    /// <summary>
    /// By which the portal itself orders for its owner, one for each: in place of the key's thumbprint it has the owner's, which the unique index keeps to one.
    /// </summary>
    /// <param name="key">Of which nobody has the private half.</param>
    internal static AcmeAccount CreateInternal(AcmeJwk key, Guid ownerId, DateTimeOffset now)
    {
        var account = Create(InternalDirectory, key, [], null, now);
        (account.OwnerId, account.Thumbprint) = (ownerId, ownerId.ToString("N"));
        return account;
    }

    internal void Bind(ExternalAccountKey key, string binding) =>
        (ExternalAccountKeyId, OwnerId, ExternalAccountBinding) = (key.Id, key.OwnerId, binding);

    internal void SeenFrom(string? address, string? userAgent) =>
        (LastAddress, LastUserAgent) = (address, userAgent is { Length: > 300 } ? userAgent[..300] : userAgent);

    internal void ChangeContacts(IEnumerable<string> contacts)
    {
        RequireValid();
        Contacts = [.. contacts];
    }

    internal void AgreeTo(string terms, DateTimeOffset now)
    {
        RequireValid();
        (AgreedTerms, TermsAgreedAt) = (terms, now);
    }

    internal void ChangeKey(AcmeJwk key)
    {
        RequireValid();
        (Thumbprint, Jwk) = (key.Thumbprint, key.Json);
    }

    internal void Deactivate()
    {
        RequireValid();
        Status = AcmeAccountStatus.Deactivated;
    }

    /// <summary>By an officer or administrator.</summary>
    internal void Revoke()
    {
        if (Status is AcmeAccountStatus.Revoked) throw new ServiceException(ErrorKind.Conflict, "The account has been revoked already.");
        Status = AcmeAccountStatus.Revoked;
    }

    internal void ChangeOwner(Guid? ownerId) => OwnerId = ownerId;

    /// <exception cref="AcmeException">unauthorized, 401 (RFC 8555 7.3.6).</exception>
    internal void RequireValid()
    {
        if (Status is not AcmeAccountStatus.Valid) throw AcmeAccountErrors.NotValid(Status);
    }
}

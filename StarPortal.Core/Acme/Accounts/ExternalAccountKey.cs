using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>
/// A credential for external account binding (RFC 8555 7.3.4): made in the portal for somebody who may then open ACME accounts, for these identifiers and with
/// this profile. The MAC key is shown once and kept sealed under the server key.
/// </summary>
public sealed class ExternalAccountKey
{
    private ExternalAccountKey()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>The <see cref="AcmeLinks.BasePath"/> of the directory whose accounts it binds; it is nothing to any other.</summary>
    public string Directory { get; private set; } = "";

    /// <summary>The <c>kid</c> that the client sends; unique, not secret.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>Sealed for the purpose <c>acme-eab/{KeyId}</c>.</summary>
    public byte[] SealedMacKey { get; private set; } = [];

    /// <summary>What people call it.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Who answers for accounts bound by it.</summary>
    public Guid OwnerId { get; private set; }

    public Guid? OrganisationId { get; private set; }

    /// <summary>
    /// What accounts may order: <c>example.org</c> is the name itself, <c>*.example.org</c> everything below it, an address itself. Empty: whatever the policy
    /// lets any account order.
    /// </summary>
    public List<string> AllowedIdentifiers { get; private set; } = [];

    /// <summary>Whether identifiers among <see cref="AllowedIdentifiers"/> need no challenge: the officer who made it has seen to that.</summary>
    public bool WaivesChallenges { get; private set; }

    /// <summary>The one issuance profile; null: any that is offered.</summary>
    public string? Profile { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>How many accounts it may bind; null: any number.</summary>
    public int? MaxUses { get; private set; }

    /// <summary>A concurrency token: two accounts can't take the last use.</summary>
    public int UseCount { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public string CreatedBy { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    internal static ExternalAccountKey Create(NewExternalAccountKey wanted, string keyId, byte[] sealedMacKey, Actor actor, DateTimeOffset now) => new()
    {
        Directory = wanted.Directory,
        KeyId = keyId,
        SealedMacKey = sealedMacKey,
        Label = wanted.Label.Trim(),
        OwnerId = wanted.OwnerId,
        OrganisationId = wanted.OrganisationId,
        AllowedIdentifiers = [.. wanted.AllowedIdentifiers],
        WaivesChallenges = wanted.WaivesChallenges,
        Profile = wanted.Profile,
        ExpiresAt = wanted.ExpiresAt,
        MaxUses = wanted.MaxUses,
        CreatedBy = actor.Name,
        CreatedAt = now,
    };

    /// <summary>Whether it may bind a further account now.</summary>
    public bool IsUsable(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now) && !(UseCount >= MaxUses);

    /// <summary>Whether accounts bound by it may order this now. Its expiry and use count concern binding only; revoking it ends both.</summary>
    public bool Allows(AcmeIdentifier identifier) => RevokedAt is null && (AllowedIdentifiers is [] || Covers(identifier));

    /// <summary>Whether this needs no challenge from an account bound by it.</summary>
    public bool Waives(AcmeIdentifier identifier) => RevokedAt is null && WaivesChallenges && Covers(identifier);

    internal void Use(DateTimeOffset now)
    {
        if (!IsUsable(now)) throw AcmeAccountErrors.BindingRefused();
        UseCount++;
    }

    internal void Revoke(DateTimeOffset now)
    {
        if (RevokedAt is not null) throw new ServiceException(ErrorKind.Conflict, "The credential has been revoked already.");
        RevokedAt = now;
    }

    /// <summary>A wildcard is below what <c>*.example.org</c> covers, and never what <c>example.org</c> alone does.</summary>
    private bool Covers(AcmeIdentifier identifier) => AllowedIdentifiers.Exists(allowed => allowed == identifier.Value
        || (identifier.Type is AcmeIdentifierType.Dns && allowed.StartsWith("*.", StringComparison.Ordinal) && identifier.Value.EndsWith(allowed[1..], StringComparison.Ordinal)));
}

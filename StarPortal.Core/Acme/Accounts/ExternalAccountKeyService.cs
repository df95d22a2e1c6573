using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>
/// Makes and revokes credentials for external account binding: officers for their organisations, administrators for everybody, owners for themselves inside the
/// namespaces that were approved for them.
/// </summary>
public sealed class ExternalAccountKeyService(
    IDbContextFactory<PortalDbContext> contexts, ServerKey serverKey, IssuanceProfiles profiles, AccountCache cache, TimeProvider clock)
{
    private const int MacKeyOctets = 32;
    private const int KeyIdOctets = 16;
    private const int MaxIdentifiers = 100;

    /// <returns>The credential with its MAC key, which nothing shows again.</returns>
    /// <exception cref="ServiceException">Forbidden; Invalid beside a field.</exception>
    public async Task<IssuedExternalAccountKey> CreateAsync(NewExternalAccountKey wanted, Actor actor, CancellationToken ct)
    {
        RequireMayDecide(actor, wanted.OrganisationId);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await AddAsync(db, Check(wanted), actor, ct);
    }

    /// <summary>An owner's own, for identifiers inside namespaces of theirs. Whether these need challenges is the namespaces' affair, also when they end.</summary>
    /// <returns>As <see cref="CreateAsync"/>.</returns>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid beside a field.</exception>
    public async Task<IssuedExternalAccountKey> CreateOwnAsync(NewExternalAccountKey wanted, Actor actor, CancellationToken ct)
    {
        actor.Require(PortalRole.Owner);
        var own = Check(wanted with { OwnerId = actor.RequireSignedIn(), OrganisationId = null, WaivesChallenges = false, Profile = null });
        if (own.AllowedIdentifiers is []) throw new ServiceException(ErrorKind.Invalid, "Name what it is for.", nameof(own.AllowedIdentifiers));

        await using var db = await contexts.CreateDbContextAsync(ct);
        var spaces = await db.AcmeNamespaces.AsNoTracking().Where(claim => claim.OwnerId == actor.Id && claim.State == AcmeNamespaceState.Approved).ToListAsync(ct);
        if (own.AllowedIdentifiers.FirstOrDefault(identifier => !spaces.Exists(space => space.Holds(identifier))) is { } outside)
            throw new ServiceException(ErrorKind.Invalid, $"{outside} is in no namespace that was approved for you.", nameof(own.AllowedIdentifiers));
        var organisations = spaces.Where(space => own.AllowedIdentifiers.Any(space.Holds)).Select(space => space.OrganisationId).Distinct().ToList();
        return await AddAsync(db, own with { OrganisationId = organisations is [var only] ? only : null }, actor, ct);
    }

    /// <summary>Ends it: no further accounts, and nothing that it allowed to those that it bound.</summary>
    /// <exception cref="ServiceException">NotFound, also for what is none of the actor's business; Forbidden; Conflict: revoked already.</exception>
    public async Task RevokeAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var credential = await db.ExternalAccountKeys.FindAsync([id], ct) ?? throw new ServiceException(ErrorKind.NotFound, "There is no such credential.");
        if (actor.Id is not { } person || person != credential.OwnerId)
        {
            if (!MayDecide(actor, credential.OrganisationId)) throw new ServiceException(ErrorKind.NotFound, "There is no such credential.");
            RequireMayDecide(actor, credential.OrganisationId);
        }

        credential.Revoke(clock.GetUtcNow());
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.ExternalAccountKeyRevoked, actor, "acme-eab", id, clock.GetUtcNow(), Describe(credential)));
        await db.SaveChangesAsync(ct);
        cache.ForgetAll();
    }

    /// <summary>Whoever calls has seen to it that the actor may.</summary>
    /// <param name="also">Adds further rows of the same unit of work.</param>
    internal async Task<IssuedExternalAccountKey> AddAsync(PortalDbContext db, NewExternalAccountKey wanted, Actor actor, CancellationToken ct, Action<ExternalAccountKey>? also = null)
    {
        var now = clock.GetUtcNow();
        var keyId = Base64Url.EncodeToString(NewOctets(KeyIdOctets));
        var macKey = NewOctets(MacKeyOctets);
        var credential = ExternalAccountKey.Create(wanted, keyId, serverKey.Seal(ExternalAccountBindings.PurposeOf(keyId), macKey), actor, now);

        if (!await db.Users.AnyAsync(user => user.Id == wanted.OwnerId, ct)) throw new ServiceException(ErrorKind.Invalid, "There is no such person.", nameof(NewExternalAccountKey.OwnerId));
        db.ExternalAccountKeys.Add(credential);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.ExternalAccountKeyCreated, actor, "acme-eab", credential.Id, now, Describe(credential)));
        also?.Invoke(credential);
        await db.SaveChangesAsync(ct);
        return new IssuedExternalAccountKey(credential, Base64Url.EncodeToString(macKey));
    }

    /// <summary>Random, and in base64url without a hyphen at its start, which a command line would take for an option.</summary>
    private static byte[] NewOctets(int count)
    {
        const int hyphen = 62; // RFC 4648 5
        var octets = RandomNumberGenerator.GetBytes(count);
        while (octets[0] >> 2 == hyphen) octets = RandomNumberGenerator.GetBytes(count);
        return octets;
    }

    private static void RequireMayDecide(Actor actor, Guid? organisationId)
    {
        if (actor.IsAdministrator) actor.RequireAdministrator();
        else actor.RequireOfficer();
        if (!MayDecide(actor, organisationId)) throw new ServiceException(ErrorKind.Forbidden, "You decide for your own organisation only.");
    }

    private static bool MayDecide(Actor actor, Guid? organisationId) => actor.IsAdministrator
        || (organisationId is { } organisation ? actor.IsOfficerOf(organisation) : actor.Grants.Any(grant => grant is { Role: PortalRole.Officer, OrganisationId: null }));

    private NewExternalAccountKey Check(NewExternalAccountKey wanted)
    {
        var now = clock.GetUtcNow();
        if (wanted.Label.Trim() is not { Length: > 0 and <= 200 }) throw new ServiceException(ErrorKind.Invalid, "Give it a name of at most 200 characters.", nameof(wanted.Label));
        if (wanted.ExpiresAt <= now) throw new ServiceException(ErrorKind.Invalid, "This date has passed.", nameof(wanted.ExpiresAt));
        if (wanted.MaxUses < 1) throw new ServiceException(ErrorKind.Invalid, "It may be used once at least.", nameof(wanted.MaxUses));
        if (wanted.AllowedIdentifiers.Count > MaxIdentifiers) throw new ServiceException(ErrorKind.Invalid, $"At most {MaxIdentifiers} identifiers.", nameof(wanted.AllowedIdentifiers));
        if (wanted is { WaivesChallenges: true, AllowedIdentifiers: [] })
            throw new ServiceException(ErrorKind.Invalid, "Name the identifiers that need no challenge.", nameof(wanted.AllowedIdentifiers));
        if (wanted.Profile is { } profile && profiles.Find(profile)?.Issuer != Issuers.Servers)
            throw new ServiceException(ErrorKind.Invalid, $"There is no profile '{profile}' for servers.", nameof(wanted.Profile));
        return wanted with { AllowedIdentifiers = [.. wanted.AllowedIdentifiers.Select(Parse).Distinct(StringComparer.Ordinal)] };
    }

    /// <summary>A name, a name with <c>*.</c> before it, or an address.</summary>
    private static string Parse(string text)
    {
        try
        {
            return AcmeIdentifier.Parse(System.Net.IPAddress.TryParse(text.Trim(), out _) ? "ip" : "dns", text.Trim()).Value;
        }
        catch (AcmeException error)
        {
            throw new ServiceException(ErrorKind.Invalid, error.Message, nameof(NewExternalAccountKey.AllowedIdentifiers));
        }
    }

    private static string Describe(ExternalAccountKey key) =>
        $"{key.Label}: {(key.AllowedIdentifiers is [] ? "any identifier" : string.Join(", ", key.AllowedIdentifiers))}{(key.WaivesChallenges ? ", without challenges" : "")}";
}

/// <param name="MacKey">base64url, as clients take it.</param>
public sealed record IssuedExternalAccountKey(ExternalAccountKey Credential, string MacKey);

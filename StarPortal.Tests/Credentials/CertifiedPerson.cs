using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

/// <summary>Somebody with a certificate whose key the portal keeps.</summary>
internal sealed record CertifiedPerson(Actor Actor, IssuedCertificate Certificate, Organisation Organisation)
{
    public const string Passphrase = "correct horse battery staple";

    private static readonly Lazy<KeyPair> SharedKey = new(() => ProtectedKeys.Make(KeyAlgorithm.Rsa2048, Passphrase));

    /// <summary>Of the key that tests share, under its passphrase.</summary>
    public static byte[] EncryptedKey => SharedKey.Value.EncryptedPkcs8;

    /// <param name="portal">Where.</param>
    /// <param name="key">Under its passphrase; default: one that all tests share.</param>
    /// <param name="storesKey">False: as if the person had sent a signing request.</param>
    public static async Task<CertifiedPerson> AddAsync(TestPortal portal, KeyPair? key = null, bool storesKey = true)
    {
        key ??= SharedKey.Value;
        var organisation = await portal.AddOrganisationAsync($"Lab {Guid.NewGuid():N}"[..20]);
        var actor = await portal.AddPersonAsync(PortalRole.Subscriber, organisation);
        await using var db = portal.NewDb();
        var certificate = portal.Get<CertificateAuthority>().Issue(db, Order(portal, actor, organisation, key.PublicKeyInfo), Actor.System("test"));
        if (storesKey) portal.Get<CredentialStore>().Add(db, actor.Id!.Value, certificate.Id, key.EncryptedPkcs8, Actor.System("test"));
        await db.SaveChangesAsync();
        return new(actor, certificate, organisation);
    }

    private static IssuanceOrder Order(TestPortal portal, Actor actor, Organisation organisation, byte[] publicKeyInfo) => new()
    {
        Profile = IssuanceProfiles.Person,
        Subject = portal.Get<IssuanceProfiles>().Get(IssuanceProfiles.Person)
            .RenderSubject(new SubjectFields("Ada Lovelace", actor.Name[^4..], organisation.Name, actor.Name, $"{actor.Name}@example.org")),
        Names = [SubjectAlternativeName.Email($"{actor.Name}@example.org")],
        PublicKeyInfo = publicKeyInfo,
        UserId = actor.Id,
        OrganisationId = organisation.Id,
        SourceKey = $"test:{Guid.NewGuid()}",
    };
}

using System.Security.Cryptography;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

/// <summary>Requests that wait for an officer, made directly: how they get there is Enrollment's business and tested there.</summary>
internal static class Queued
{
    public const string Passphrase = "correct horse battery staple";

    /// <summary>A request of a new person, whose address is confirmed; the person made the key (P-256, so that it is quick).</summary>
    public static async Task<EnrollmentRequest> AddAsync(TestPortal portal, Organisation organisation, string profile = IssuanceProfiles.Person, string? email = null) =>
        (await AddManyAsync(portal, organisation, 1, profile, email))[0];

    public static async Task<IReadOnlyList<EnrollmentRequest>> AddManyAsync(
        TestPortal portal, Organisation organisation, int count, string profile = IssuanceProfiles.Person, string? email = null)
    {
        await using var db = portal.NewDb();
        List<EnrollmentRequest> requests = [];
        for (var number = 0; number < count; number++)
        {
            var user = Person(organisation, portal.Clock.Now, email);
            db.Users.Add(user);
            requests.Add(Confirmed(Details(user, organisation, profile, SubjectOf(portal, user, organisation, profile)) with { PublicKeyInfo = NewKey() }, portal.Clock.Now));
        }

        db.EnrollmentRequests.AddRange(requests);
        await db.SaveChangesAsync();
        return requests;
    }

    /// <summary>The same, with a key that the portal has made under <see cref="Passphrase"/>.</summary>
    public static async Task<EnrollmentRequest> AddWithPortalKeyAsync(TestPortal portal, Organisation organisation)
    {
        await using var db = portal.NewDb();
        var user = Person(organisation, portal.Clock.Now);
        var (sealedKey, publicKeyInfo) = portal.Get<RequestKeys>().Make(IssuanceProfiles.Person, Passphrase);
        var details = Details(user, organisation, IssuanceProfiles.Person, SubjectOf(portal, user, organisation, IssuanceProfiles.Person));
        var request = Confirmed(details with
        {
            KeySource = KeySource.Portal, EncryptedKey = sealedKey, PublicKeyInfo = publicKeyInfo,
            SigningRequest = portal.Get<RequestKeys>().FindSigningRequest(IssuanceProfiles.Person, sealedKey, Passphrase, details.SubjectEncoded, details.Names),
        }, portal.Clock.Now);
        db.Users.Add(user);
        db.EnrollmentRequests.Add(request);
        await db.SaveChangesAsync();
        return request;
    }

    /// <summary>Another request of the person who made <paramref name="earlier"/>, with a new key.</summary>
    public static async Task<EnrollmentRequest> AddAgainAsync(TestPortal portal, EnrollmentRequest earlier, Organisation organisation)
    {
        await using var db = portal.NewDb();
        var user = await db.Users.FindAsync(earlier.UserId) ?? throw new InvalidOperationException("The person is gone.");
        var request = Confirmed(Details(user, organisation, earlier.Profile, DistinguishedName.Decode(earlier.SubjectEncoded)) with
        {
            ReservesSubject = false, PublicKeyInfo = NewKey(),
        }, portal.Clock.Now);
        db.EnrollmentRequests.Add(request);
        await db.SaveChangesAsync();
        return request;
    }

    /// <summary>The same, with a key that the portal has made under <see cref="Passphrase"/>.</summary>
    public static async Task<EnrollmentRequest> AddAgainWithPortalKeyAsync(TestPortal portal, Guid userId, Organisation organisation)
    {
        await using var db = portal.NewDb();
        var user = await db.Users.FindAsync(userId) ?? throw new InvalidOperationException("The person is gone.");
        var (sealedKey, publicKeyInfo) = portal.Get<RequestKeys>().Make(IssuanceProfiles.Person, Passphrase);
        var request = Confirmed(Details(user, organisation, IssuanceProfiles.Person, DistinguishedName.Parse(user.CertificateSubject!)) with
        {
            ReservesSubject = false, KeySource = KeySource.Portal, EncryptedKey = sealedKey, PublicKeyInfo = publicKeyInfo,
        }, portal.Clock.Now);
        db.EnrollmentRequests.Add(request);
        await db.SaveChangesAsync();
        return request;
    }

    /// <summary>A person and a request, to be added to any portal's database: that of a process besides this one, too.</summary>
    /// <param name="organisation">Where the person asks.</param>
    /// <param name="fullName">In printable ASCII.</param>
    /// <param name="confirmedAt">When the officers' clock began.</param>
    /// <param name="change">What is special about it.</param>
    public static (PortalUser Person, EnrollmentRequest Request) Make(
        Organisation organisation, string fullName, DateTimeOffset confirmedAt, Func<NewRequest, NewRequest>? change = null)
    {
        var user = Person(organisation, confirmedAt);
        user.FullName = fullName;
        var subject = DistinguishedName.Parse($"DC=org, DC=starportal, O={organisation.Name}, CN={fullName} {user.UserName![^6..]}");
        var details = Details(user, organisation, IssuanceProfiles.Person, subject) with { PublicKeyInfo = NewKey() };
        return (user, Confirmed(change?.Invoke(details) ?? details, confirmedAt));
    }

    private static EnrollmentRequest Confirmed(NewRequest details, DateTimeOffset now)
    {
        var request = EnrollmentRequest.Submit(details with { KeyHash = PublicKeyFacts.HashOf(details.PublicKeyInfo) }, now);
        request.Confirm(now);
        return request;
    }

    private static PortalUser Person(Organisation organisation, DateTimeOffset now, string? email = null)
    {
        var name = $"u{Guid.NewGuid():N}"[..12];
        var address = email ?? $"{name}@example.org";
        return new()
        {
            UserName = name, NormalizedUserName = name.ToUpperInvariant(), FullName = "Ada Lovelace", Email = address, NormalizedEmail = address.ToUpperInvariant(),
            EmailConfirmed = true, SecurityStamp = Guid.NewGuid().ToString(), OrganisationId = organisation.Id, CreatedAt = now,
        };
    }

    private static DistinguishedName SubjectOf(TestPortal portal, PortalUser user, Organisation organisation, string profile) =>
        portal.Get<IssuanceProfiles>().Get(profile).RenderSubject(new SubjectFields(user.FullName, user.UserName![^6..], organisation.Name, user.UserName, user.Email!));

    private static NewRequest Details(PortalUser user, Organisation organisation, string profile, DistinguishedName subject) => new()
    {
        SubmissionId = Guid.NewGuid(), UserId = user.Id, UserName = user.UserName!, FullName = user.FullName, Email = user.Email!, OrganisationId = organisation.Id,
        Purpose = "Access to the simulation grid", Sponsor = "Charles Babbage", Profile = profile, Subject = subject.ToString(), SubjectEncoded = subject.Encoded,
        ReservesSubject = true, Names = [SubjectAlternativeName.Email(user.Email!)], KeySource = KeySource.SigningRequest, PublicKeyInfo = [], KeyHash = "",
    };

    private static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// What <c>--demo</c> shows of delegation: the owner's domain, and two CDNs that hold certificates for one name at the same time, each with a key and a
/// cancel of its own. The keys are thrown away: nobody serves that name.
/// </summary>
public sealed class DemoDelegations(IDbContextFactory<PortalDbContext> contexts, ConsumerService consumers, DelegationService delegations, RegistrationService registrations, TimeProvider clock)
{
    private const string Domain = "observatory.localhost"; // RFC 6761: no name server is asked.
    private const string Name = $"www.{Domain}";
    private const string OwnerName = "OWNER";
    private const int Days = 30;

    private static readonly Actor Maker = Actor.System("demo");

    /// <summary>Makes whatever of it is not there; nothing when the owner is none of the personas.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.NormalizedUserName == OwnerName && candidate.IsDemoPersona, ct);
        if (user is null) return;
        var owner = new Actor(user.Id, user.UserName!, [new ActorGrant(PortalRole.Owner, null)]);
        if (!await db.AcmeNamespaces.AnyAsync(space => space.OwnerId == user.Id && space.Suffix == Domain, ct)) await GrantAsync(db, user.Id, ct);
        foreach (var (cdn, hours) in new[] { ("CDN One", 24), ("CDN Two", 12) }) await DelegateAsync(db, cdn, hours, owner, ct);
    }

    private async Task GrantAsync(PortalDbContext db, Guid ownerId, CancellationToken ct)
    {
        var space = AcmeNamespace.Ask(Domain, NamespaceChallenge.Required, ownerId, null, "", clock.GetUtcNow());
        space.Approve(NamespaceChallenge.Required, "", Maker, clock.GetUtcNow());
        db.AcmeNamespaces.Add(space);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeNamespaceApproved, Maker, "namespace", space.Id, clock.GetUtcNow(), Domain));
        await db.SaveChangesAsync(ct);
    }

    private async Task DelegateAsync(PortalDbContext db, string cdn, int hours, Actor owner, CancellationToken ct)
    {
        var consumer = await db.DelegationConsumers.AsNoTracking().FirstOrDefaultAsync(known => known.OwnerId == owner.Id && known.Name == cdn, ct) ?? await consumers.CreateAsync(cdn, owner, ct);
        if (!await db.NameDelegations.AnyAsync(known => known.ConsumerId == consumer.Id, ct))
            await delegations.CreateAsync(new DelegationTerms([Name], CsrTemplatePreset.All[0].Fill([Name]).ToJson(), Days, hours, UpstreamBook.Local, DelegationApproval.Automatic), consumer.Id, owner, ct);
        if (!consumer.IsActive || await db.DelegatedOrders.AnyAsync(known => known.ConsumerId == consumer.Id, ct)) return;
        var caller = new KnownConsumer(consumer.Id, consumer.OwnerId, consumer.Name, null);
        await registrations.RegisterAsync(new AskedRegistration(NewCsr(), Days, hours), caller, null, caller.Actor, ct);
    }

    private static byte[] NewCsr()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.CreateSigningRequest();
    }
}

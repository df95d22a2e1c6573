using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class RoleTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Role_CountsFromStartToEnd(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var administrator = await portal.AddAdministratorAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        var user = await portal.AddAccountAsync("maria");
        var offer = new RoleOffer { Role = PortalRole.Officer, OrganisationId = organisation.Id, StartsAt = portal.Clock.Now.AddDays(2), EndsAt = portal.Clock.Now.AddDays(5) };
        await portal.Get<RoleService>().GrantAsync("MARIA", offer, administrator, Ct);

        Assert.False((await portal.SignedInAsync(user.Id)).IsOfficerOf(organisation.Id));
        portal.Clock.Advance(TimeSpan.FromDays(2));
        Assert.True((await portal.SignedInAsync(user.Id)).IsOfficerOf(organisation.Id));
        Assert.False((await portal.SignedInAsync(user.Id)).IsOfficerOf(Guid.NewGuid()));
        portal.Clock.Advance(TimeSpan.FromDays(3));
        Assert.False((await portal.SignedInAsync(user.Id)).IsOfficerOf(organisation.Id));
    }

    [Fact]
    public async Task EndedRole_CountsNoMore_AndBothAreAudited()
    {
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var user = await portal.AddAccountAsync("maria");
        var grant = await portal.Get<RoleService>().GrantAsync("maria", new RoleOffer { Role = PortalRole.Auditor }, administrator, Ct);
        Assert.True((await portal.SignedInAsync(user.Id)).Is(PortalRole.Auditor));

        await portal.Get<RoleService>().EndAsync(grant.Id, administrator, Ct);

        Assert.False((await portal.SignedInAsync(user.Id)).Is(PortalRole.Auditor));
        await RefusedAsync(() => portal.Get<RoleService>().EndAsync(grant.Id, administrator, Ct), ErrorKind.Conflict);
        await using var db = portal.NewDb();
        var actions = await db.AuditRecords.OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Ct);
        Assert.Equal([AuditAction.UserCreated, AuditAction.RoleGranted, AuditAction.RoleEnded], actions.Where(action => action is AuditAction.UserCreated or AuditAction.RoleGranted or AuditAction.RoleEnded));
    }

    [Fact]
    public async Task LastAdministrator_CannotBeEndedOrLocked()
    {
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var other = await portal.AddAdministratorAsync();
        await portal.Get<UserAdministration>().LockAsync(other.Id!.Value, "left", administrator, Ct);
        var row = (await portal.Get<RoleDirectory>().ListAsync(ended: false, administrator, Ct)).Single(row => row.UserId == administrator.Id);

        await RefusedAsync(() => portal.Get<RoleService>().EndAsync(row.Id, administrator, Ct), ErrorKind.Conflict);
        await RefusedAsync(() => portal.Get<UserAdministration>().LockAsync(administrator.Id!.Value, "x", administrator, Ct), ErrorKind.Conflict);

        await portal.Get<UserAdministration>().UnlockAsync(other.Id.Value, administrator, Ct);
        await portal.Get<RoleService>().EndAsync(row.Id, administrator, Ct);
    }

    [Fact]
    public async Task Offer_IsRefusedBesideItsField_WhenItMakesNoSense()
    {
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        await portal.AddAccountAsync("maria");
        var now = portal.Clock.Now;

        await RefusedFieldAsync("nobody", new RoleOffer { Role = PortalRole.Officer }, "UserName");
        await RefusedFieldAsync("maria", new RoleOffer { Role = PortalRole.Administrator, IsDeputy = true }, "IsDeputy");
        await RefusedFieldAsync("maria", new RoleOffer { Role = PortalRole.Administrator, OrganisationId = organisation.Id }, "OrganisationId");
        await RefusedFieldAsync("maria", new RoleOffer { Role = PortalRole.Officer, OrganisationId = Guid.NewGuid() }, "OrganisationId");
        await RefusedFieldAsync("maria", new RoleOffer { Role = PortalRole.Officer, StartsAt = now.AddDays(2), EndsAt = now.AddDays(1) }, "EndsAt");
        await portal.Get<RoleService>().GrantAsync("maria", new RoleOffer { Role = PortalRole.Officer }, administrator, Ct);
        await RefusedFieldAsync("maria", new RoleOffer { Role = PortalRole.Officer }, "UserName");

        async Task RefusedFieldAsync(string userName, RoleOffer offer, string field)
        {
            var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RoleService>().GrantAsync(userName, offer, administrator, Ct));
            Assert.Equal(field, refusal.Field);
        }
    }

    /// <summary>Every method of every service of the administration, called by everybody who may not.</summary>
    [Fact]
    public async Task Administration_RefusesEverybodyButAdministratorsWithASecondFactor()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        var user = await portal.AddAccountAsync("maria");
        var administrator = await portal.AddAdministratorAsync();
        Actor[] others =
        [
            Actor.Anonymous(), await portal.SignedInAsync(user.Id), await portal.AddOfficerAsync(organisation), await portal.AddPersonAsync(PortalRole.Owner, null),
            await portal.AddPersonAsync(PortalRole.Auditor, null), administrator with { HasSecondFactor = false },
        ];

        foreach (var actor in others)
        {
            foreach (var (name, call) in Calls(portal, organisation.Id, user.Id, actor))
            {
                if (actor.Is(PortalRole.Auditor) && name.StartsWith("RoleDirectory", StringComparison.Ordinal)) continue; // auditors read roles
                var refusal = await Assert.ThrowsAsync<ServiceException>(call);
                Assert.True(refusal.Kind is ErrorKind.Forbidden or ErrorKind.Unauthenticated, $"{name} by {actor.Name}: {refusal.Kind}");
            }
        }

        await using var db = portal.NewDb();
        Assert.Equal([AuditAction.UserCreated], await db.AuditRecords.Select(record => record.Action).Where(action => action != AuditAction.AuthorityCreated
            && action != AuditAction.CrlPublished && action != AuditAction.OcspSignerIssued && action != AuditAction.CertificateIssued).ToListAsync(Ct));
    }

    private static IEnumerable<(string Name, Func<Task> Call)> Calls(TestPortal portal, Guid organisationId, Guid userId, Actor actor)
    {
        var offer = new RoleOffer { Role = PortalRole.Officer };
        yield return ("OrganisationService.Create", () => portal.Get<OrganisationService>().CreateAsync("Other", [], actor, Ct));
        yield return ("OrganisationService.Change", () => portal.Get<OrganisationService>().ChangeAsync(organisationId, "Other", [], true, actor, Ct));
        yield return ("RoleService.Grant", () => portal.Get<RoleService>().GrantAsync("maria", offer, actor, Ct));
        yield return ("RoleService.End", () => portal.Get<RoleService>().EndAsync(Guid.NewGuid(), actor, Ct));
        yield return ("RoleDirectory.List", () => portal.Get<RoleDirectory>().ListAsync(false, actor, Ct));
        yield return ("RoleDirectory.ListOf", () => portal.Get<RoleDirectory>().ListOfAsync(userId, actor, Ct));
        yield return ("InvitationService.Invite", () => portal.Get<InvitationService>().InviteAsync(Account("zoe"), offer, actor, Ct));
        yield return ("InvitationService.InviteAgain", () => portal.Get<InvitationService>().InviteAgainAsync(userId, actor, Ct));
        yield return ("UserDirectory.Search", () => portal.Get<UserDirectory>().SearchAsync("", 1, actor, Ct));
        yield return ("UserDirectory.Get", () => portal.Get<UserDirectory>().GetAsync(userId, actor, Ct));
        yield return ("UserDirectory.Count", () => portal.Get<UserDirectory>().CountAsync(actor, Ct));
        yield return ("UserAdministration.Lock", () => portal.Get<UserAdministration>().LockAsync(userId, "x", actor, Ct));
        yield return ("UserAdministration.Unlock", () => portal.Get<UserAdministration>().UnlockAsync(userId, actor, Ct));
        yield return ("UserAdministration.Reset", () => portal.Get<UserAdministration>().ResetSecondFactorAsync(userId, "x", actor, Ct));
    }

    [Fact]
    public async Task ResetSecondFactor_TakesEverythingOff_WithItsReasonInTheAuditLog()
    {
        await using var portal = await StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var user = await portal.AddAccountAsync("maria");
        await portal.EnableAuthenticatorAsync(user.Id);

        await portal.Get<UserAdministration>().ResetSecondFactorAsync(user.Id, "lost phone, seen in person", administrator, Ct);

        Assert.False((await portal.Get<SignInService>().CheckPassphraseAsync("maria", Passphrase, Visitor, Ct)).NeedsSecondFactor);
        await using var db = portal.NewDb();
        Assert.Empty(await db.UserTokens.ToListAsync(Ct));
        var record = await db.AuditRecords.SingleAsync(record => record.Action == AuditAction.SecondFactorReset, Ct);
        Assert.Equal(("lost phone, seen in person", administrator.Name), (record.Detail, record.ActorName));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Accounts_AreFoundByNameAndAddress_AndCounted(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var administrator = await portal.AddAdministratorAsync("ada");
        await portal.AddAccountAsync("maria");
        await portal.AddAccountAsync("unconfirmed", isConfirmed: false);
        var users = portal.Get<UserDirectory>();

        Assert.Equal(["maria", "unconfirmed"], (await users.SearchAsync("kowalska", 1, administrator, Ct)).Rows.Select(row => row.UserName));
        Assert.Equal(["ada"], (await users.SearchAsync(" ADA@example ", 1, administrator, Ct)).Rows.Select(row => row.UserName));
        Assert.Equal(3, (await users.SearchAsync(null, 1, administrator, Ct)).Total);
        Assert.Equal(new UserCounts(3, 1, 0, 1), await users.CountAsync(administrator, Ct));
        Assert.Single(await portal.Get<RoleDirectory>().ListAsync(ended: false, administrator, Ct));
    }

    [Fact]
    public async Task Organisations_KeepTheirRules()
    {
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var service = portal.Get<OrganisationService>();
        var made = await service.CreateAsync(" Example University ", ["@Example.ORG", "example.org", "cs.example.org"], administrator, Ct);

        Assert.Equal(("Example University", "example.org,cs.example.org"), (made.Name, string.Join(',', made.EmailDomains)));
        Assert.Equal("Name", (await RefusedAsync(() => service.CreateAsync("EXAMPLE university", [], administrator, Ct), ErrorKind.Conflict)).Field);
        Assert.Equal("Name", (await RefusedAsync(() => service.CreateAsync("Üniversität", [], administrator, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("EmailDomains", (await RefusedAsync(() => service.CreateAsync("Other", ["not a domain"], administrator, Ct), ErrorKind.Invalid)).Field);
        await service.ChangeAsync(made.Id, "Example University", [], isOpen: false, administrator, Ct);
        Assert.Empty(await portal.Get<OrganisationDirectory>().ListOpenAsync(Ct));
    }
}

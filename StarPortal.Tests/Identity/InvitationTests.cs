using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class InvitationTests
{
    [Fact]
    public async Task InvitedPerson_HasTheRole_OnceThePassphraseIsChosen()
    {
        await using var portal = await TestPortal.StartAsync();
        var (organisation, user, token) = await InviteAsync(portal);
        Assert.DoesNotContain(await portal.Get<OfficerDirectory>().FindForAsync(organisation.Id, Ct), contact => contact.UserId == user.Id);

        await portal.Get<InvitationAcceptance>().AcceptAsync(token, Passphrase, Visitor, Ct);

        Assert.Contains(await portal.Get<OfficerDirectory>().FindForAsync(organisation.Id, Ct), contact => contact.UserId == user.Id);
        await portal.Get<SignInService>().CheckPassphraseAsync("zoe", Passphrase, Visitor, Ct);
        var actor = await portal.SignedInAsync(user.Id);
        Assert.Throws<ServiceException>(actor.RequireOfficer); // not before there is a second factor
        Assert.True(await portal.Get<Actors>().OwesSecondFactorAsync(user.Id, Ct));
        await RefusedAsync(() => portal.Get<InvitationAcceptance>().AcceptAsync(token, Passphrase, Visitor, Ct), ErrorKind.Gone);
    }

    [Fact]
    public async Task Mail_SaysWhoWhatAndUntilWhen()
    {
        await using var portal = await TestPortal.StartAsync();
        await InviteAsync(portal);

        var mail = Assert.Single(portal.Mails);
        Assert.Equal("ada invites you to StarPortal as officer of Example University", mail.Subject);
        Assert.Contains("zoe", mail.Text, StringComparison.Ordinal);
        Assert.Contains("/invitation/", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_StaysGood_WhenThePassphraseIsRefused()
    {
        await using var portal = await TestPortal.StartAsync();
        var (_, _, token) = await InviteAsync(portal);

        Assert.Equal("Passphrase", (await RefusedAsync(() => portal.Get<InvitationAcceptance>().AcceptAsync(token, "zoezoezoezoe", Visitor, Ct), ErrorKind.Invalid)).Field);

        await portal.Get<InvitationAcceptance>().AcceptAsync(token, Passphrase, Visitor, Ct);
    }

    [Fact]
    public async Task EarlierLink_IsGone_WhenThePersonIsInvitedAgain()
    {
        await using var portal = await TestPortal.StartAsync();
        var (_, user, token) = await InviteAsync(portal);
        var administrator = await portal.AddAdministratorAsync("bob");

        await portal.Get<InvitationService>().InviteAgainAsync(user.Id, administrator, Ct);
        await portal.DrainOutboxAsync();

        await RefusedAsync(() => portal.Get<InvitationAcceptance>().GetAsync(token, Ct), ErrorKind.Gone);
        var newer = portal.Mails.Select(mail => mail.LinkTo("/invitation/").AbsolutePath["/invitation/".Length..]).Single(other => other != token);
        await portal.Get<InvitationAcceptance>().AcceptAsync(newer, Passphrase, Visitor, Ct);
        await RefusedAsync(() => portal.Get<InvitationService>().InviteAgainAsync(user.Id, administrator, Ct), ErrorKind.Conflict);
    }

    [Fact]
    public async Task Invitations_AreLimited_AndARefusedOneLeavesNothing()
    {
        await using var portal = await TestPortal.StartAsync(settings: new Dictionary<string, string?> { ["Identity:InvitationsPerHour"] = "2" });
        var administrator = await portal.AddAdministratorAsync();
        var invitations = portal.Get<InvitationService>();
        var offer = new RoleOffer { Role = PortalRole.Auditor };
        await invitations.InviteAsync(Account("one"), offer, administrator, Ct);
        Assert.Equal("UserName", (await RefusedAsync(() => invitations.InviteAsync(Account("ONE"), offer, administrator, Ct), ErrorKind.Conflict)).Field);
        await invitations.InviteAsync(Account("two"), offer, administrator, Ct);

        await RefusedAsync(() => invitations.InviteAsync(Account("three"), offer, administrator, Ct), ErrorKind.TooMany);

        await using var db = portal.NewDb();
        Assert.False(await db.Users.AnyAsync(user => user.UserName == "three", Ct));
        Assert.Equal(2, await db.MailLinks.CountAsync(Ct));
    }

    private static async Task<(Organisation Organisation, PortalUser User, string Token)> InviteAsync(TestPortal portal)
    {
        var administrator = await portal.AddAdministratorAsync("ada");
        var organisation = await portal.AddOrganisationAsync("Example University");
        var offer = new RoleOffer { Role = PortalRole.Officer, OrganisationId = organisation.Id };
        var user = await portal.Get<InvitationService>().InviteAsync(Account("zoe"), offer, administrator, Ct);
        await portal.DrainOutboxAsync();
        return (organisation, user, portal.Mails.Single().LinkTo("/invitation/").AbsolutePath["/invitation/".Length..]);
    }
}

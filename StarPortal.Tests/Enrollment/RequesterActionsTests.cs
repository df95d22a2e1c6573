using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

[Trait("Category", "Unit")]
public sealed class RequesterActionsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Withdraw_NeedsThePassphrase_OfSomebodyWhoIsNotSignedIn()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await AskAsync(portal);
        var actions = portal.Get<RequesterActions>();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => actions.WithdrawAsync(request.Id, "not the passphrase", EnrollmentForms.Visitor(), Ct));
        await actions.WithdrawAsync(request.Id, EnrollmentForms.Passphrase, EnrollmentForms.Visitor(), Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal((ErrorKind.Unauthenticated, RequesterActions.PassphraseField), (refusal.Kind, refusal.Field));
        Assert.Equal(RequestStatus.Withdrawn, (await TrackAsync(portal, request)).Status);
        Assert.Contains(portal.Mails, mail => mail.Subject.Contains("withdrawn", StringComparison.Ordinal));
        Assert.False(await portal.Get<AccountRegistrar>().IsUserNameTakenAsync("ada", Ct));
    }

    [Fact]
    public async Task Actions_AreRefused_ToSomebodyElseWhoIsSignedIn()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await AskAsync(portal);
        var other = new Actor(Guid.NewGuid(), "eve", []) { Address = "192.0.2.66" };

        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RequesterActions>().WithdrawAsync(request.Id, null, other, Ct));

        Assert.Equal(RequestStatus.AwaitingDecision, (await TrackAsync(portal, request)).Status);
    }

    [Fact]
    public async Task Nudge_MailsTheOfficers_OnceADay()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await AskAsync(portal);
        var actions = portal.Get<RequesterActions>();

        await actions.NudgeAsync(request.Id, EnrollmentForms.Passphrase, EnrollmentForms.Visitor(), Ct);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => actions.NudgeAsync(request.Id, EnrollmentForms.Passphrase, EnrollmentForms.Visitor(), Ct));
        portal.Clock.Advance(TimeSpan.FromDays(1));
        await actions.NudgeAsync(request.Id, EnrollmentForms.Passphrase, EnrollmentForms.Visitor(), Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal(ErrorKind.TooMany, refusal.Kind);
        Assert.Equal(2, portal.Mails.Count(mail => mail.Subject.StartsWith("A friendly reminder", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Answer_GoesToTheOfficerWhoAsked_AndTheRequestGoesOn()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await AskAsync(portal);
        await portal.AddOfficerAsync((await portal.Get<OrganisationDirectory>().FindAsync(request.OrganisationId, Ct))!, "oskar");
        await using (var db = portal.NewDb())
        {
            var held = (await db.EnrollmentRequests.FindAsync([request.Id], Ct))!;
            var olga = new Actor((await portal.Get<OfficerDirectory>().FindForAsync(request.OrganisationId, Ct)).Single(officer => officer.UserName == "olga").UserId, "olga", []);
            held.Claim(olga, portal.Clock.Now);
            held.Hold(olga, "Who is your sponsor?", portal.Clock.Now);
            await db.SaveChangesAsync(Ct);
        }

        await portal.Get<RequesterActions>().AnswerAsync(request.Id, "Prof. Noether", EnrollmentForms.Passphrase, EnrollmentForms.Visitor(), Ct);
        await portal.DrainOutboxAsync();

        var track = await TrackAsync(portal, request);
        Assert.Equal(RequestStatus.AwaitingDecision, track.Status);
        Assert.Equal(["Who is your sponsor?", "Prof. Noether"], track.Messages.Select(message => message.Text));
        var mail = Assert.Single(portal.Mails, mail => mail.Subject.Contains("answered", StringComparison.Ordinal));
        Assert.Contains("olga@example.org", mail.To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrackingPage_MasksTheAddress_ForEverybodyButThePerson()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await AskAsync(portal);

        Assert.Equal("a•••@example.org", (await TrackAsync(portal, request)).Email);
        Assert.Equal("ada@example.org", (await portal.Get<RequestTracker>().GetAsync(request.Id, new Actor(request.UserId, "ada", []), Ct)).Email);
    }

    [Fact]
    public async Task TypicalWait_IsTheMedianOfTheOrganisationsDecisions()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await AskAsync(portal);
        Assert.Null((await TrackAsync(portal, request)).TypicalWait);
        foreach (var hours in new[] { 2, 30, 5 }) await RejectedAfterAsync(portal, request.OrganisationId, TimeSpan.FromHours(hours));

        Assert.Equal(TimeSpan.FromHours(5), (await TrackAsync(portal, request)).TypicalWait);
    }

    private static async Task RejectedAfterAsync(TestPortal portal, Guid organisationId, TimeSpan wait)
    {
        var organisation = (await portal.Get<OrganisationDirectory>().FindAsync(organisationId, Ct))!;
        var request = await portal.SubmitConfirmedAsync(EnrollmentForms.For(organisation, $"user{wait.TotalHours:0}"));
        portal.Clock.Advance(wait);
        await using var db = portal.NewDb();
        var loaded = (await db.EnrollmentRequests.FindAsync([request.Id], Ct))!;
        loaded.Reject(new Actor(Guid.NewGuid(), "olga", []), RejectionCode.NotAMember, "Not known here.", portal.Clock.Now);
        await db.SaveChangesAsync(Ct);
    }

    private static async Task<EnrollmentRequest> AskAsync(TestPortal portal)
    {
        var organisation = await portal.AddOrganisationAsync("Example University");
        await portal.AddOfficerAsync(organisation, "olga");
        return await portal.SubmitConfirmedAsync(EnrollmentForms.For(organisation));
    }

    private static Task<RequestTrack> TrackAsync(TestPortal portal, EnrollmentRequest request) =>
        portal.Get<RequestTracker>().GetAsync(request.Id, EnrollmentForms.Visitor(), Ct);
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

[Trait("Category", "Unit")]
public sealed class ConfirmationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Confirm_LetsThePersonIn_AndTellsTheOfficersOfThatOrganisation()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        await portal.AddOfficerAsync(organisation, "olga");
        await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Other Institute"), "otto");

        var request = await portal.SubmitConfirmedAsync(EnrollmentForms.For(organisation));
        await portal.DrainOutboxAsync();

        Assert.Equal(RequestStatus.AwaitingDecision, request.Status);
        await using var db = portal.NewDb();
        Assert.True((await db.Users.SingleAsync(user => user.Id == request.UserId, Ct)).EmailConfirmed);
        var mail = Assert.Single(portal.Mails, mail => mail.Subject.StartsWith("Request in queue", StringComparison.Ordinal));
        Assert.Contains("olga@example.org", mail.To, StringComparison.Ordinal);
        Assert.Equal($"/ra/requests/{request.Id}", mail.LinkTo("/ra/").AbsolutePath);
    }

    [Fact]
    public async Task Request_ReachesAnAdministrator_WhenNobodyElseIsThere_AndNeverThePersonWhoAsks()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        await portal.AddAdministratorAsync("boss");
        var officer = await portal.AddOfficerAsync(organisation, "olga");
        var form = new EnrollmentForm { SubmissionId = Guid.NewGuid(), Purpose = "My own certificate", OrganisationId = organisation.Id, Key = KeySource.SigningRequest };
        using var key = System.Security.Cryptography.RSA.Create(2048);

        await portal.Get<EnrollmentService>().SubmitAsync(form.WithRequest(EnrollmentForms.SigningRequestOf(key)).With(form => form.Purpose = "Own"), officer, Ct);
        await portal.DrainOutboxAsync();

        var mail = Assert.Single(portal.Mails, mail => mail.Subject.StartsWith("Request in queue", StringComparison.Ordinal));
        Assert.Contains("boss@example.org", mail.To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_ChangesNothing_HoweverOften()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await SubmitAsync(portal);
        var before = await portal.CountRowsAsync();

        for (var turn = 0; turn < 3; turn++) Assert.Null((await portal.Get<AddressConfirmation>().GetAsync(portal.ConfirmationToken(request.Email), Ct)).Problem);

        Assert.Equal(before, await portal.CountRowsAsync());
        Assert.Equal(RequestStatus.AwaitingConfirmation, (await ReloadAsync(portal, request.Id)).Status);
    }

    [Fact]
    public async Task UsedLink_IsRefused_AndItsPageSaysWhatHasHappened()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await portal.SubmitConfirmedAsync(EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")));
        var token = portal.ConfirmationToken(request.Email);
        var before = await portal.CountRowsAsync();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<AddressConfirmation>().ConfirmAsync(token, EnrollmentForms.Visitor(), Ct));

        Assert.Equal(ErrorKind.Gone, refusal.Kind);
        Assert.Contains("confirmed already", (await portal.Get<AddressConfirmation>().GetAsync(token, Ct)).Problem, StringComparison.Ordinal);
        Assert.Equal(before, await portal.CountRowsAsync());
    }

    [Fact]
    public async Task Link_CountsOnce_WhenPressedTwiceAtOnce()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await SubmitAsync(portal);
        var token = portal.ConfirmationToken(request.Email);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                await portal.Get<AddressConfirmation>().ConfirmAsync(token, EnrollmentForms.Visitor(), Ct);
                return true;
            }
            catch (ServiceException)
            {
                return false;
            }
        }, Ct)));

        Assert.Single(outcomes, success => success);
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RequestConfirmed, Ct));
    }

    [Fact]
    public async Task ForeignAndDeadLinks_AreRefused()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await SubmitAsync(portal);
        string foreign;
        await using (var db = portal.NewDb())
        {
            foreign = portal.Get<MailLinks>().Add(db, MailLinkPurpose.AcceptInvitation, request.Id, request.UserId, TimeSpan.FromDays(1));
            await db.SaveChangesAsync(Ct);
        }

        var confirmation = portal.Get<AddressConfirmation>();
        foreach (var token in new[] { foreign, "", "nonsense", SecureTokens.NewToken(), new string('x', 10_000) })
            Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => confirmation.ConfirmAsync(token, EnrollmentForms.Visitor(), Ct))).Kind);
        portal.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(ErrorKind.Gone, (await Assert.ThrowsAsync<ServiceException>(() => confirmation.ConfirmAsync(portal.ConfirmationToken(request.Email), EnrollmentForms.Visitor(), Ct))).Kind);
        Assert.Equal(RequestStatus.AwaitingConfirmation, (await ReloadAsync(portal, request.Id)).Status);
    }

    [Fact]
    public async Task Resend_SendsAnotherLink_AndIsLimited()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Enrollment:ResendsPerDay"] = "2" });
        var request = await SubmitAsync(portal);
        var confirmation = portal.Get<AddressConfirmation>();
        await confirmation.ResendAsync(request.Id, EnrollmentForms.Visitor(), Ct);
        await confirmation.ResendAsync(request.Id, EnrollmentForms.Visitor(), Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal(3, portal.Mails.Select(mail => mail.LinkTo("/confirm/")).Distinct().Count());
        Assert.Equal(ErrorKind.TooMany, (await Assert.ThrowsAsync<ServiceException>(() => confirmation.ResendAsync(request.Id, EnrollmentForms.Visitor(), Ct))).Kind);
    }

    [Fact]
    public async Task Unconfirmed_RunsOut_WithAnExplanation_AndTheUserNameIsFreeAgain()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await SubmitAsync(portal);
        var job = portal.Get<UnconfirmedExpiryJob>();
        portal.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        await job.RunAsync(Ct);
        Assert.Equal(RequestStatus.AwaitingConfirmation, (await ReloadAsync(portal, request.Id)).Status);

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await job.RunAsync(Ct);
        await job.RunAsync(Ct);
        await portal.DrainOutboxAsync();

        var expired = await ReloadAsync(portal, request.Id);
        Assert.Equal(RequestStatus.Expired, expired.Status);
        Assert.Null(expired.EncryptedKey);
        Assert.Single(portal.Mails, mail => mail.Subject.Contains("run out", StringComparison.Ordinal));
        Assert.False(await portal.Get<AccountRegistrar>().IsUserNameTakenAsync("ada", Ct));
    }

    [Fact]
    public async Task Account_Stays_WhenTheUserHasAnotherOpenRequest()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = await portal.SubmitConfirmedAsync(EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")));
        var ada = new Actor(first.UserId, "ada", []);
        await portal.Get<EnrollmentService>().SubmitAsync(new EnrollmentForm { SubmissionId = Guid.NewGuid(), Purpose = "Again", Passphrase = EnrollmentForms.Passphrase }, ada, Ct);

        await portal.Get<RequesterActions>().WithdrawAsync(first.Id, null, ada, Ct);

        Assert.True(await portal.Get<AccountRegistrar>().IsUserNameTakenAsync("ada", Ct));
    }

    private static async Task<EnrollmentRequest> SubmitAsync(TestPortal portal)
    {
        var request = await portal.Get<EnrollmentService>().SubmitAsync(EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")), EnrollmentForms.Visitor(), Ct);
        await portal.DrainOutboxAsync();
        return request;
    }

    private static async Task<EnrollmentRequest> ReloadAsync(TestPortal portal, Guid id)
    {
        await using var db = portal.NewDb();
        return await db.EnrollmentRequests.AsNoTracking().SingleAsync(request => request.Id == id, Ct);
    }
}

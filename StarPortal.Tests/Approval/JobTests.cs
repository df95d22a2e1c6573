using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

[Trait("Category", "Unit")]
public sealed class JobTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Officers_GetOneDigestADay_AndNoneWhenNothingWaits(Core.Data.DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        await portal.AddOfficerAsync(lab, "olga");
        await RunAsync<OfficerReminderJob>(portal);
        Assert.Empty(portal.Mails);

        var requests = await Queued.AddManyAsync(portal, lab, 3);
        portal.Clock.Advance(TimeSpan.FromHours(25));
        await Task.WhenAll(RunAsync<OfficerReminderJob>(portal), RunAsync<OfficerReminderJob>(portal)); // as on two nodes
        await RunAsync<OfficerReminderJob>(portal);
        await portal.DrainOutboxAsync();

        var digest = Assert.Single(portal.Mails);
        Assert.StartsWith("3 certificate requests are waiting", digest.Subject, StringComparison.Ordinal);
        Assert.All(requests, request => Assert.Contains($"/ra/requests/{request.Id}", digest.Text, StringComparison.Ordinal));
        portal.Clock.Advance(TimeSpan.FromDays(1));
        await RunAsync<OfficerReminderJob>(portal);
        await portal.DrainOutboxAsync();
        Assert.Equal(2, portal.Mails.Count);
    }

    [Fact]
    public async Task Digest_LeavesOutWhatTheOfficerHasVotedOnAndOnesOwn()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Approval:OfficersRequired:person"] = "2" });
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (olga, _) = (await portal.AddOfficerAsync(lab, "olga"), await portal.AddOfficerAsync(lab, "otto"));
        var request = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], olga, Ct);
        portal.Clock.Advance(TimeSpan.FromHours(25));

        await RunAsync<OfficerReminderJob>(portal);
        await portal.DrainOutboxAsync();

        var digest = Assert.Single(portal.Mails, mail => mail.Subject.Contains("waiting for your decision", StringComparison.Ordinal));
        Assert.Contains("otto", digest.To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escalation_AsksDeputiesThenAdministrators_EachOnce()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        await portal.AddOfficerAsync(lab);
        await portal.AddPersonAsync(PortalRole.Officer, lab, "dora", isDeputy: true);
        await portal.AddAdministratorAsync("anna");
        var request = await Queued.AddAsync(portal, lab);

        Assert.Equal([], await EscalateAfterAsync(portal, TimeSpan.FromDays(1)));
        Assert.Equal(["dora"], await EscalateAfterAsync(portal, TimeSpan.FromDays(1)));
        Assert.Equal(["dora"], await EscalateAfterAsync(portal, TimeSpan.FromDays(1)));
        Assert.Equal(["anna", "dora"], await EscalateAfterAsync(portal, TimeSpan.FromDays(1)));
        Assert.Equal(["anna", "dora"], await EscalateAfterAsync(portal, TimeSpan.FromDays(5)));
        await using var db = portal.NewDb();
        Assert.Equal(EscalationStep.Administrators, (await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, Ct)).EscalatedTo);
    }

    [Fact]
    public async Task Escalation_GoesStraightToAdministrators_WhereThereIsNoDeputy()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        await portal.AddOfficerAsync(lab);
        await portal.AddAdministratorAsync("anna");
        await Queued.AddAsync(portal, lab);

        Assert.Equal(["anna"], await EscalateAfterAsync(portal, TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task Clock_StandsStill_WhileAQuestionIsOpen()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officer = await portal.AddOfficerAsync(lab);
        await portal.AddAdministratorAsync("anna");
        var request = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().HoldAsync(request.Id, "Which experiment?", officer, Ct);

        Assert.Equal([], await EscalateAfterAsync(portal, TimeSpan.FromDays(5)));
    }

    [Fact]
    public async Task Expiry_TellsThePersonWhy_AndFreesTheUserName()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officer = await portal.AddOfficerAsync(lab);
        var (left, unanswered) = (await Queued.AddAsync(portal, lab), await Queued.AddAsync(portal, lab));
        await portal.Get<ApprovalService>().HoldAsync(unanswered.Id, "Which experiment?", officer, Ct);
        await RunAsync<UndecidedExpiryJob>(portal);
        portal.Clock.Advance(TimeSpan.FromDays(21));

        await Task.WhenAll(RunAsync<UndecidedExpiryJob>(portal), RunAsync<UndecidedExpiryJob>(portal));
        await portal.DrainOutboxAsync();

        var mails = portal.Mails.Where(mail => mail.Subject == "Your certificate request has expired").ToList();
        Assert.Contains("no officer decided it within 21 days", mails.Single(mail => mail.To.Contains(left.Email, StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Contains("no answer came within 21 days", mails.Single(mail => mail.To.Contains(unanswered.Email, StringComparison.Ordinal)).Text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        await using var db = portal.NewDb();
        Assert.False(await db.Users.AnyAsync(user => user.Id == left.UserId || user.Id == unanswered.UserId, Ct));
    }

    private static async Task<IEnumerable<string>> EscalateAfterAsync(TestPortal portal, TimeSpan time)
    {
        portal.Clock.Advance(time);
        await RunAsync<EscalationJob>(portal);
        await RunAsync<EscalationJob>(portal);
        await portal.DrainOutboxAsync();
        return portal.Mails.Where(mail => mail.Subject.StartsWith("Please decide", StringComparison.Ordinal))
            .Select(mail => mail.To.Contains("anna", StringComparison.Ordinal) ? "anna" : "dora").Order(StringComparer.Ordinal);
    }

    private static Task<string> RunAsync<TJob>(TestPortal portal)
        where TJob : class, IPortalJob => Task.Run(() => portal.Get<TJob>().RunAsync(Ct), Ct);
}

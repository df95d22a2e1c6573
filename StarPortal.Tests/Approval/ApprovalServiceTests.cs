using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Audit;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

[Trait("Category", "Unit")]
public sealed class ApprovalServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approve_RecordsTheDecision_WhenAnOfficerOfTheOrganisationDoes()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));

        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);

        await using var db = portal.NewDb();
        var saved = await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, Ct);
        Assert.Equal((RequestStatus.Approved, officer.Id), (saved.Status, saved.DecidedBy));
        Assert.True(await db.AuditRecords.AnyAsync(row => row.Action == AuditAction.RequestApproved && row.ActorId == officer.Id, Ct));
        Assert.True(await db.Outbox.AnyAsync(item => item.Kind == IssueApproved.Kind, Ct));
    }

    [Fact]
    public async Task Request_DoesNotExist_ForOfficersOfOtherOrganisations()
    {
        await using var portal = await TestPortal.StartAsync();
        var request = await Queued.AddAsync(portal, await portal.AddOrganisationAsync("Plasma Lab"));
        var stranger = await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Elsewhere"));
        var service = portal.Get<ApprovalService>();

        Func<Task>[] acts =
        [
            () => service.ClaimAsync(request.Id, stranger, Ct), () => service.ReleaseAsync(request.Id, stranger, Ct), () => service.ApproveAsync(request.Id, [], stranger, Ct),
            () => service.RejectAsync(request.Id, RejectionCode.Other, "no", stranger, Ct), () => service.HoldAsync(request.Id, "why?", stranger, Ct),
            () => portal.Get<DecisionCardReader>().GetAsync(request.Id, stranger, Ct),
        ];
        foreach (var act in acts) Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(act)).Kind);
    }

    [Fact]
    public async Task Acts_AreForbidden_WithoutRoleOrSecondFactor()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddAsync(portal, lab);
        Actor[] actors =
        [
            await portal.AddPersonAsync(PortalRole.Subscriber, lab), await portal.AddPersonAsync(PortalRole.Auditor, organisation: null),
            await portal.AddOfficerAsync(lab) with { HasSecondFactor = false },
        ];

        foreach (var actor in actors) Assert.Equal(ErrorKind.Forbidden, (await RefusalAsync(portal, request.Id, actor)).Kind);
        Assert.Equal(ErrorKind.Unauthenticated, (await RefusalAsync(portal, request.Id, Actor.Anonymous())).Kind);
    }

    [Fact]
    public async Task Approve_IsForbidden_ForOnesOwnRequestByAccountOrByAddress()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officer = await portal.AddOfficerAsync(lab, "olga");
        var second = await Queued.AddAsync(portal, lab, email: "OLGA@example.org");
        var own = await Queued.AddAsync(portal, lab);

        Assert.Equal(ErrorKind.Forbidden, (await RefusalAsync(portal, second.Id, officer)).Kind);
        Assert.Equal(ErrorKind.Forbidden, (await RefusalAsync(portal, own.Id, officer with { Id = own.UserId })).Kind);
    }

    [Fact]
    public async Task DecidingTwice_SaysWhoDecidedAndWhen()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, olga, otto) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab, "olga"), await portal.AddOfficerAsync(lab, "otto"));
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], olga, Ct);

        var refusal = await RefusalAsync(portal, request.Id, otto);

        Assert.Equal(ErrorKind.Conflict, refusal.Kind);
        Assert.StartsWith($"Already decided: approved by olga at {portal.Clock.Now:d MMM yyyy HH:mm} UTC", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoOfficers_AreNeeded_WhenPolicySaysSo()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Approval:OfficersRequired:person"] = "2" });
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, olga, otto) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab, "olga"), await portal.AddOfficerAsync(lab, "otto"));
        var service = portal.Get<ApprovalService>();

        Assert.Equal(RequestStatus.AwaitingDecision, (await service.ApproveAsync(request.Id, [], olga, Ct)).Status);
        Assert.Contains("another officer", (await RefusalAsync(portal, request.Id, olga)).Message, StringComparison.Ordinal);
        Assert.Equal(RequestStatus.Approved, (await service.ApproveAsync(request.Id, [], otto, Ct)).Status);

        await portal.DrainOutboxAsync();
        Assert.Single(portal.Mails, mail => mail.Subject.StartsWith("Another approval is needed", StringComparison.Ordinal) && mail.To.Contains("otto", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reject_IsEnough_EvenAfterTheSameOfficersYes()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Approval:OfficersRequired:person"] = "2" });
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);

        await portal.Get<ApprovalService>().RejectAsync(request.Id, RejectionCode.NotAMember, "I mixed you up.", officer, Ct);

        await using var db = portal.NewDb();
        Assert.Equal(Verdict.Reject, (await db.Decisions.SingleAsync(row => row.RequestId == request.Id, Ct)).Verdict);
    }

    [Fact]
    public async Task Reject_ReachesThePersonWithReasonAndText_AndFreesTheUserName()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));

        await portal.Get<ApprovalService>().RejectAsync(request.Id, RejectionCode.NameIncorrect, "Use your name as in the passport.", officer, Ct);
        await portal.DrainOutboxAsync();

        var mail = portal.Mails.Single(mail => mail.To.Contains(request.Email, StringComparison.Ordinal));
        Assert.Contains("The name is not right", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Use your name as in the passport.", mail.Text, StringComparison.Ordinal);
        Assert.Contains(request.Id.ToString(), mail.LinkTo("/requests/").AbsolutePath, StringComparison.Ordinal);
        await using var db = portal.NewDb();
        Assert.False(await db.Users.AnyAsync(user => user.Id == request.UserId, Ct));
    }

    [Theory]
    [InlineData(null, "text", ApprovalErrors.CodeField)]
    [InlineData(RejectionCode.Other, " ", ApprovalErrors.TextField)]
    [InlineData(RejectionCode.Other, "ok‮evil", ApprovalErrors.TextField)]
    public async Task Reject_NeedsReasonAndText(RejectionCode? code, string text, string field)
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<ApprovalService>().RejectAsync(request.Id, code, text, officer, Ct));

        Assert.Equal((ErrorKind.Invalid, field), (refusal.Kind, refusal.Field));
        await using var db = portal.NewDb();
        Assert.Empty(await db.Decisions.ToListAsync(Ct));
    }

    [Fact]
    public async Task Hold_AsksThePersonByMail_AndIsStillDecidable()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));

        await portal.Get<ApprovalService>().HoldAsync(request.Id, "Which experiment?", officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.Contains("Which experiment?", portal.Mails.Single().Text, StringComparison.Ordinal);
        var card = await portal.Get<DecisionCardReader>().GetAsync(request.Id, officer, Ct);
        Assert.Equal(("Which experiment?", officer.Name), (card.Thread[0].Text, card.Thread[0].Author));
        Assert.Equal(RequestStatus.Approved, (await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct)).Status);
    }

    [Fact]
    public async Task Approve_LooksAgain_WhenTheOrganisationHasClosedOrTheAccountIsGone()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (closed, gone, officer) = (await Queued.AddAsync(portal, lab), await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));
        await using var db = portal.NewDb();
        await db.Users.Where(user => user.Id == gone.UserId).ExecuteDeleteAsync(Ct);
        Assert.Contains("no longer exists", (await RefusalAsync(portal, gone.Id, officer)).Message, StringComparison.Ordinal);

        (await db.Organisations.SingleAsync(row => row.Id == lab.Id, Ct)).Change(lab.Name, [], isOpen: false);
        await db.SaveChangesAsync(Ct);

        Assert.Contains("takes no requests", (await RefusalAsync(portal, closed.Id, officer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_IsACourtesyThatLapses()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, olga, otto) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab, "olga"), await portal.AddOfficerAsync(lab, "otto"));
        var service = portal.Get<ApprovalService>();
        await service.ClaimAsync(request.Id, olga, Ct);

        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<ServiceException>(() => service.ClaimAsync(request.Id, otto, Ct))).Kind);
        portal.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(otto.Id, (await service.ClaimAsync(request.Id, otto, Ct)).ClaimedBy);
        Assert.Null((await service.ReleaseAsync(request.Id, otto, Ct)).ClaimedBy);
    }

    [Fact]
    public async Task Administrators_Decide_OnlyWhatNobodyElseCanOrWhatWasEscalated()
    {
        await using var portal = await TestPortal.StartAsync();
        var (manned, unmanned) = (await portal.AddOrganisationAsync("Manned"), await portal.AddOrganisationAsync("Unmanned"));
        await portal.AddOfficerAsync(manned);
        var administrator = await portal.AddAdministratorAsync();
        var (here, there) = (await Queued.AddAsync(portal, manned), await Queued.AddAsync(portal, unmanned));

        Assert.Equal(ErrorKind.Forbidden, (await RefusalAsync(portal, here.Id, administrator)).Kind);
        Assert.Equal(RequestStatus.Approved, (await portal.Get<ApprovalService>().ApproveAsync(there.Id, [], administrator, Ct)).Status);
        portal.Clock.Advance(TimeSpan.FromDays(5));
        await portal.Get<EscalationJob>().RunAsync(Ct);
        Assert.Equal(RequestStatus.Approved, (await portal.Get<ApprovalService>().ApproveAsync(here.Id, [], administrator, Ct)).Status);
    }

    private static Task<ServiceException> RefusalAsync(TestPortal portal, Guid requestId, Actor actor) =>
        Assert.ThrowsAsync<ServiceException>(() => portal.Get<ApprovalService>().ApproveAsync(requestId, [], actor, Ct));
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

[Trait("Category", "Unit")]
public sealed class IssuingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ApprovedRequest_BecomesCertificateKeySubjectAndMail()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddWithPortalKeyAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], await portal.AddOfficerAsync(lab), Ct);

        await portal.DrainOutboxAsync();

        await using var db = portal.NewDb();
        var certificate = await db.IssuedCertificates.SingleAsync(row => row.UserId == request.UserId, Ct);
        var saved = await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, Ct);
        Assert.Equal((RequestStatus.Issued, certificate.Id), (saved.Status, saved.CertificateId));
        Assert.Null(saved.EncryptedKey);
        Assert.Equal(request.Subject, (await db.Users.SingleAsync(user => user.Id == request.UserId, Ct)).CertificateSubject);
        var person = Core.Shared.Actor.Anonymous() with { Id = request.UserId, Name = request.UserName };
        Assert.NotEmpty((await portal.Get<DownloadService>().GetKeyAsync(certificate.SerialNumber, DownloadUse.Firefox, Queued.Passphrase, person, Ct)).Content);
        var mail = portal.Mails.Single(mail => mail.Subject == "Your certificate is ready");
        Assert.Equal($"/account/certificates/{certificate.SerialNumber}", mail.LinkTo("/account").AbsolutePath);
    }

    /// <summary>The card's request may have been read just before its certificate was issued.</summary>
    [Fact]
    public async Task OwnCertificate_IsNoPreviousOne_HoweverOldTheReadRequestIs()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], await portal.AddOfficerAsync(lab), Ct);
        await using var db = portal.NewDb();
        var approved = await db.EnrollmentRequests.AsNoTracking().SingleAsync(row => row.Id == request.Id, Ct);

        await portal.DrainOutboxAsync();

        Assert.Null(approved.CertificateId);
        Assert.Null((await portal.Get<DecisionPreview>().ReadAsync(db, approved, Ct)).Difference);
    }

    [Fact]
    public async Task Handler_IssuesOnce_HoweverOftenItIsCalled()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], await portal.AddOfficerAsync(lab), Ct);
        await using var db = portal.NewDb();
        var item = await db.Outbox.AsNoTracking().SingleAsync(candidate => candidate.Kind == IssueApproved.Kind, Ct);
        var handler = portal.Services.GetServices<IOutboxHandler>().Single(candidate => candidate.Kind == IssueApproved.Kind);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                await handler.HandleAsync(item, Ct);
            }
            catch (DbUpdateException)
            {
                // The dispatcher would call again, and find nothing to do.
            }
        }, Ct)));
        await portal.DrainOutboxAsync();

        Assert.Equal(1, await db.IssuedCertificates.CountAsync(row => row.UserId == request.UserId, Ct));
        Assert.Single(portal.Mails, mail => mail.Subject == "Your certificate is ready");
    }

    [Fact]
    public async Task Request_ComesBackToTheOfficersWithTheReason_WhenItCantBeIssuedAnyMore()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer, administrator) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab, "olga"), await portal.AddAdministratorAsync("anna"));
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);
        await using var db = portal.NewDb();
        (await db.Organisations.SingleAsync(row => row.Id == lab.Id, Ct)).Change(lab.Name, [], isOpen: false);
        await db.SaveChangesAsync(Ct);

        await portal.DrainOutboxAsync();

        var card = await portal.Get<DecisionCardReader>().GetAsync(request.Id, officer, Ct);
        Assert.Equal((RequestStatus.AwaitingDecision, 1), (card.Request.Status, card.Request.Round));
        Assert.Contains("takes no requests", card.Request.IssueProblem, StringComparison.Ordinal);
        Assert.Equal(0, await db.IssuedCertificates.CountAsync(row => row.UserId == request.UserId, Ct));
        Assert.Equal(["anna", "olga"], portal.Mails.Where(mail => mail.Subject.StartsWith("Approved, but not issued", StringComparison.Ordinal))
            .Select(mail => mail.To.Contains(administrator.Name, StringComparison.Ordinal) ? "anna" : "olga").Order());
    }

    [Fact]
    public async Task ReturnedRequest_IsIssued_WhenItIsApprovedAgainAfterTheCauseIsMended()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);
        await SetOpenAsync(portal, lab.Id, isOpen: false);
        await portal.DrainOutboxAsync();
        await SetOpenAsync(portal, lab.Id, isOpen: true);

        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);
        await portal.DrainOutboxAsync();

        await using var db = portal.NewDb();
        Assert.Equal(RequestStatus.Issued, (await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, Ct)).Status);
    }

    [Fact]
    public async Task Approval_IsRefused_WhenTheKeyHasMeanwhileBeenCertifiedForSomebodyElse()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (request, officer) = (await Queued.AddAsync(portal, lab), await portal.AddOfficerAsync(lab));
        await using var db = portal.NewDb();
        portal.Get<CertificateAuthority>().Issue(db, request.ToIssuanceOrder() with { UserId = Guid.NewGuid(), SourceKey = "test:other" }, Core.Shared.Actor.System("test"));
        await db.SaveChangesAsync(Ct);

        var refusal = await Assert.ThrowsAsync<Core.Shared.ServiceException>(() => portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct));

        Assert.Equal(Core.Shared.ErrorKind.Conflict, refusal.Kind);
    }

    private static async Task SetOpenAsync(TestPortal portal, Guid organisationId, bool isOpen)
    {
        await using var db = portal.NewDb();
        var organisation = await db.Organisations.SingleAsync(row => row.Id == organisationId, Ct);
        organisation.Change(organisation.Name, [], isOpen);
        await db.SaveChangesAsync(Ct);
    }
}

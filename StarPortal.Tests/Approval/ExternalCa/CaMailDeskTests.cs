using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval.ExternalCa;

/// <summary>What officers see of the CA's mail, and what they may do about it.</summary>
[Trait("Category", "Unit")]
public sealed class CaMailDeskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Officer_TakesACertificate_ThatCameToTheWrongAddress()
    {
        await using var scene = await CaScene.StartAsync();
        var (request, mail) = await scene.AskAsync();
        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail), to: OutsideCa.RaAddress));
        await scene.ReadMailAsync();
        var aside = await scene.LastMailAsync();
        Assert.Single(scene.Portal.Mails, sent => sent.Subject == "Mail from the certificate authority needs a look" && sent.To.Contains("olga", StringComparison.Ordinal));

        await scene.Portal.Get<CaMailDesk>().TakeAsync(aside.Id, request.Id, scene.Officer, Ct);

        Assert.Single(await scene.CertificatesAsync(request));
        Assert.Equal(CaMailStatus.Taken, (await scene.LastMailAsync()).Status);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<CaMailDesk>().DismissAsync(aside.Id, "again", scene.Officer, Ct));
        Assert.Equal(ErrorKind.Conflict, refusal.Kind);
    }

    [Fact]
    public async Task Officers_AreToldOnceAWeek_ThatTheCaIsSilent()
    {
        await using var scene = await CaScene.StartAsync();
        var (_, mail) = await scene.AskAsync();
        var job = scene.Portal.Get<CaSilenceJob>();
        scene.Portal.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        Assert.Equal("none waiting for the CA outside for long", await job.RunAsync(Ct));

        scene.Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("1 waiting for the CA outside for long; 1 people told", await job.RunAsync(Ct));
        Assert.Equal("1 waiting for the CA outside for long; 0 people told", await job.RunAsync(Ct));
        scene.Portal.Clock.Advance(TimeSpan.FromDays(7));
        await job.RunAsync(Ct);
        await scene.Portal.DrainOutboxAsync();
        Assert.Equal(2, scene.Portal.Mails.Count(sent => sent.Subject == "The certificate authority outside does not answer" && sent.To.Contains("olga", StringComparison.Ordinal)));

        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail)));
        await scene.ReadMailAsync();
        Assert.Equal("none waiting for the CA outside for long", await job.RunAsync(Ct));
    }

    [Fact]
    public async Task Officer_CantTakeACertificate_ThatDoesNotFitTheRequest()
    {
        await using var scene = await CaScene.StartAsync();
        var (_, first) = await scene.AskAsync();
        var (second, _) = await scene.AskAsync();
        scene.Ca.Deliver(OutsideCa.Answer(first, scene.Ca.Certify(first), to: OutsideCa.RaAddress));
        await scene.ReadMailAsync();
        var aside = await scene.LastMailAsync();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<CaMailDesk>().TakeAsync(aside.Id, second.Id, scene.Officer, Ct));

        Assert.Contains("It certifies another key.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(CaMailStatus.SetAside, (await scene.LastMailAsync()).Status);
        Assert.Empty(await scene.CertificatesAsync(second));
    }

    [Fact]
    public async Task Messages_AreSeenByTheirOrganisationsOfficers_AndUnknownOnesByAdministrators()
    {
        await using var scene = await CaScene.StartAsync();
        var (_, mail) = await scene.AskAsync();
        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail), to: OutsideCa.RaAddress));
        await scene.ReadMailAsync();
        var known = await scene.LastMailAsync();
        scene.Portal.Clock.Advance(TimeSpan.FromMinutes(10));
        scene.Ca.Deliver("Subject: Cheap watches\n\nBuy now <script>alert(1)</script>\u202e\u0007\n");
        await scene.ReadMailAsync();
        var unknown = await scene.LastMailAsync();
        var (other, administrator) = (await scene.Portal.AddOfficerAsync(await scene.Portal.AddOrganisationAsync("Other Lab")), await scene.Portal.AddAdministratorAsync());
        var reader = scene.Portal.Get<CaMailReader>();

        Assert.Equal([known.Id], (await reader.ReadAsync(scene.Officer, Ct)).SetAside.Select(line => line.Id));
        Assert.Empty((await reader.ReadAsync(other, Ct)).SetAside);
        Assert.Empty((await reader.ReadAsync(other, Ct)).Waiting);
        Assert.Equal([known.Id, unknown.Id], (await reader.ReadAsync(administrator, Ct)).SetAside.Select(line => line.Id));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => reader.GetAsync(known.Id, other, Ct))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<CaMailDesk>().DismissAsync(unknown.Id, "x", scene.Officer, Ct))).Kind);
        Assert.Equal("Buy now <script>alert(1)</script>⟨202e⟩⟨0007⟩", unknown.Text.Trim());
        await scene.Portal.Get<CaMailDesk>().DismissAsync(unknown.Id, "Not ours", administrator, Ct);
        Assert.Equal(CaMailStatus.Dismissed, (await scene.LastMailAsync()).Status);
    }

    [Fact]
    public async Task Subscriber_SeesNothing_AndNobodyTakesTheirOwn()
    {
        await using var scene = await CaScene.StartAsync();
        var (request, _) = await scene.AskAsync();
        var subscriber = await scene.Portal.AddPersonAsync(PortalRole.Subscriber, scene.Lab);
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<CaMailReader>().ReadAsync(subscriber, Ct))).Kind);
        var own = new Actor(request.UserId, request.UserName, [new ActorGrant(PortalRole.Officer, scene.Lab.Id)]) { HasSecondFactor = true };
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<CaMailDesk>().TakeBackAsync(request.Id, "mine", own, Ct))).Kind);
    }

    [Fact]
    public async Task Request_IsSentAgainAfterADay_AndTakenBackByAnOfficer()
    {
        await using var scene = await CaScene.StartAsync();
        var (request, mail) = await scene.AskAsync();
        var desk = scene.Portal.Get<CaMailDesk>();
        Assert.Equal(ErrorKind.TooMany, (await Assert.ThrowsAsync<ServiceException>(() => desk.AskAgainAsync(request.Id, scene.Officer, Ct))).Kind);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(25));
        await desk.AskAgainAsync(request.Id, scene.Officer, Ct);
        await scene.Portal.DrainOutboxAsync();
        Assert.Equal(2, scene.Portal.Mails.Count(sent => sent.To.Contains(OutsideCa.Address, StringComparison.Ordinal)));

        await desk.TakeBackAsync(request.Id, "The CA is closed", scene.Officer, Ct);
        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail)));
        await scene.ReadMailAsync();

        Assert.Empty(await scene.CertificatesAsync(request));
        Assert.Equal((RequestStatus.AwaitingDecision, 1), ((await scene.LoadAsync(request)).Status, (await scene.LoadAsync(request)).Round));
        Assert.Equal("The request does not wait for the CA any more.", (await scene.LastMailAsync()).Reason);
    }

    [Fact]
    public async Task Request_GoesBackToTheOfficers_WhenThereIsNoSigningRequestToSend()
    {
        await using var scene = await CaScene.StartAsync();
        var request = await Queued.AddAsync(scene.Portal, scene.Lab);
        await scene.Portal.Get<ApprovalService>().ApproveAsync(request.Id, [], scene.Officer, Ct);
        await scene.Portal.DrainOutboxAsync();
        var back = await scene.LoadAsync(request);
        Assert.Equal(RequestStatus.AwaitingDecision, back.Status);
        Assert.Contains("no signing request", back.IssueProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_HasALimit_AndWhatIsBeyondIsPutAwayAllTheSame()
    {
        await using var scene = await CaScene.StartAsync(settings: [("Approval:ExternalCa:MaxSetAside", "3")]);
        for (var i = 0; i < 5; i++) scene.Ca.Deliver($"Subject: spam {i}\n\nx\n");
        Assert.Contains("3 messages set aside, 0 seen before, 2 put away", await scene.ReadMailAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 5), (scene.Ca.Waiting, scene.Ca.PutAway));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(3, await db.CaMails.CountAsync(Ct));
    }
}

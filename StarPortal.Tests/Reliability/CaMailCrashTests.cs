using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Enrollment;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed at the n-th instant of taking the answer of a CA outside, each commit and each moved file among them, for each n until it gets through alive: the
/// certificate is issued once, and the message is neither lost nor acted on twice.
/// </summary>
[Trait("Category", "Interop")]
public sealed class CaMailCrashTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_IsTakenOnce_WhereverTheProcessIsKilled()
    {
        using OutsideCa ca = new(TimeProvider.System.GetUtcNow());
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        var settings = new Dictionary<string, string>(LinkFixture.Settings, StringComparer.Ordinal) { ["Jobs:ca-mail:Cron"] = "0/2 * * * * ?" };
        foreach (var (key, value) in ca.Settings()) settings[key] = value!;
        Dictionary<string, string> At(int n) => crash.At($"{n}", lastingOnly: true, Path.Combine(ca.Maildir, ".StarPortal", "cur"));
        await using var portal = await PortalApplication.StartAsync(settings, At(1));
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));

        for (var n = 1; ; n++)
        {
            var (scene, mail) = await AskAsync(portal, officer, n);
            using var asked = scene;
            var deaths = 0;
            var people = new Stubborn(portal, $"person{n}", async () =>
            {
                Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                deaths++;
                crash.Disarm();
                await portal.RestartAsync(At(n + 1));
            });
            crash.Arm();
            ca.Deliver(OutsideCa.Answer(mail, ca.Certify(mail)));
            var id = Guid.Parse(scene.Id);
            await people.WaitUntilAsync(db => db.EnrollmentRequests.Any(request => request.Id == id && request.Status == RequestStatus.Issued), "the certificate");
            await people.WaitUntilQuietAsync();
            await people.WaitUntilAsync(_ => ca.Waiting == 0 && ca.PutAway == n, "the message in its folder");
            crash.Disarm();
            await RequireTakenOnceAsync(portal, scene.Email, id);
            output.WriteLine($"{n}: {crash.Instants[^1]}");
            if (deaths > 0) continue;
            Assert.True(n > 4, $"Only {n} instants were met: what is killed there?");
            return;
        }
    }

    private static async Task<(RequestScene Scene, SentMail Mail)> AskAsync(PortalApplication portal, PlainBrowser officer, int n)
    {
        var scene = await RequestScene.AskAndConfirmAsync(portal, $"person{n}");
        await scene.DecideAsync(officer, "approve");
        await portal.WaitForAsync(() => ToCa(portal).Count == n);
        await portal.WaitUntilQuietAsync();
        return (scene, ToCa(portal)[^1]);
    }

    private static List<SentMail> ToCa(PortalApplication portal) => [.. portal.Mails.Where(mail => mail.To.Contains(OutsideCa.Address, StringComparison.Ordinal))];

    private static async Task RequireTakenOnceAsync(PortalApplication portal, string email, Guid requestId)
    {
        await using var db = portal.NewDb();
        var certificate = await db.IssuedCertificates.AsNoTracking().SingleAsync(row => row.SourceKey == $"request:{requestId}", Ct);
        Assert.Equal((Issuers.External, 1), (certificate.Issuer, await db.IssuedCertificates.CountAsync(row => row.UserId == certificate.UserId, Ct)));
        Assert.Equal(certificate.Id, (await db.Credentials.AsNoTracking().SingleAsync(row => row.UserId == certificate.UserId, Ct)).CertificateId);
        Assert.Equal(certificate.Id, (await db.StoredCredentials.AsNoTracking().SingleAsync(row => row.UserId == certificate.UserId, Ct)).CertificateId);
        Assert.Equal(CaMailStatus.Issued, (await db.CaMails.AsNoTracking().SingleAsync(row => row.RequestId == requestId, Ct)).Status);
        Assert.Equal(1, await db.AuditRecords.CountAsync(row => row.Action == AuditAction.CaAnswerTaken && row.ObjectId == requestId.ToString(), Ct));
        Assert.Single(portal.Mails, mail => mail.Subject == "Your certificate is ready" && mail.To.Contains(email, StringComparison.Ordinal));
        await AuditLog.RequireIntactAsync(db);
    }
}

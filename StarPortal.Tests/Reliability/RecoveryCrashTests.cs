using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Enrollment;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed at the n-th instant between “forgotten passphrase” and the new certificate, for each n until it gets through alive. Every round is another
/// person's; the rounds of a lane share a database.
/// </summary>
[Trait("Category", "Interop")]
public sealed class RecoveryCrashTests(ITestOutputHelper output)
{
    private const string New = "copper meadow zeppelin nine";

    /// <summary>Portals side by side: the first is killed at instants 1, 5, 9 …, the second at 2, 6, 10 …, so that together they meet each.</summary>
    private const int Lanes = 4;

    private static readonly Dictionary<string, string> Settings = new(LinkFixture.Settings, StringComparer.Ordinal) { ["Enrollment:RecoveriesPerAddressPerHour"] = "1000", ["MyProxy:RefusalDelay"] = "00:00:00", ["MyProxy:MaxAttempts"] = "100" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recovery_SwapsEverythingOnce_WhereverTheProcessIsKilled()
    {
        var survived = await Task.WhenAll(Enumerable.Range(1, Lanes).Select(first => Task.Run(() => KillFromAsync(first), Ct)));
        Assert.True(survived.Max() > 8, $"Only {survived.Max()} instants were met: what is killed there?");
    }

    /// <returns>The first instant of this lane that was never reached.</returns>
    private async Task<int> KillFromAsync(int first)
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        await using var portal = await PortalApplication.StartAsync(Settings, crash.At($"{first}", lastingOnly: true));
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));

        for (var n = first; ; n += Lanes)
        {
            using var scene = await RequestScene.AskAndConfirmAsync(portal, $"person{n}");
            await scene.DecideAsync(officer, "approve");
            await portal.WaitForMailAsync(scene.Email, "/account/certificates/");
            await portal.WaitUntilQuietAsync();

            var deaths = 0;
            var people = new Stubborn(portal, $"person{n}", async () =>
            {
                Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                deaths++;
                crash.Disarm();
                await portal.RestartAsync(crash.At($"{n + Lanes}", lastingOnly: true));
            });
            using var person = new PlainBrowser(portal);
            var form = PlainBrowser.Fill(await person.OpenAsync("/password/forgotten"), "forgotten", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Input.UserName"] = $"person{n}", ["Input.Passphrase"] = New, ["Input.PassphraseAgain"] = New,
            });
            crash.Arm();
            await people.SendUntilAnsweredAsync(person, form);
            await RecoverAsync(portal, people, person, officer, $"person{n}");
            crash.Disarm();
            await RequireSwappedOnceAsync(portal, scene.Email);
            output.WriteLine($"{n}: {crash.Instants[^1]}");
            if (deaths == 0) return n;
        }
    }

    private static async Task RecoverAsync(PortalApplication portal, Stubborn people, PlainBrowser person, PlainBrowser officer, string userName)
    {
        var link = await people.FindMailAsync(AskedRequest.EmailOf(userName), "/password/forgotten/");
        await people.PressUntilDoneAsync(person, link, "confirm-recovery", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Passphrase"] = New });

        Guid id;
        await using (var db = portal.NewDb()) id = await db.EnrollmentRequests.Where(request => request.UserName == userName && request.Kind == RequestKind.Recovery).Select(request => request.Id).SingleAsync(Ct);
        await people.PressUntilDoneAsync(officer, new Uri(portal.BaseUrl, $"/ra/requests/{id}"), "approve");
        await people.WaitUntilAsync(db => db.EnrollmentRequests.Any(request => request.Id == id && request.Status == RequestStatus.Issued), "the certificate");
        await people.WaitUntilQuietAsync();
    }

    private static async Task RequireSwappedOnceAsync(PortalApplication portal, string email)
    {
        await using var db = portal.NewDb();
        var user = await db.Users.AsNoTracking().SingleAsync(found => found.Email == email, Ct);
        var certificates = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.UserId == user.Id).ToListAsync(Ct);
        var now = Assert.Single(certificates, certificate => !certificate.IsRevoked);
        Assert.Equal(RevocationReason.Superseded, Assert.Single(certificates, certificate => certificate.IsRevoked).RevocationReason);
        Assert.Equal(now.Id, (await db.Credentials.AsNoTracking().SingleAsync(key => key.UserId == user.Id, Ct)).CertificateId);
        Assert.Equal(now.Id, (await db.StoredCredentials.AsNoTracking().SingleAsync(stored => stored.UserId == user.Id, Ct)).CertificateId);
        Assert.Equal(2, portal.Mails.Count(mail => mail.Subject == "Your certificate is ready" && mail.To.Contains(email, StringComparison.Ordinal)));
        await WorkingCredential.RequireAsync(portal, user.UserName!, New);
        Assert.Contains("RESPONSE=1", await WorkingCredential.LogOnAsync(portal, user.UserName!, AskedRequest.Passphrase), StringComparison.Ordinal);
        await AuditLog.RequireIntactAsync(db);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Enrollment;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed at the n-th instant between the officer's button and the end of a removal, for each n until it gets through alive. The grace is a second and
/// the job comes every other one.
/// </summary>
[Trait("Category", "Interop")]
public sealed class RemovalCrashTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> Settings = new(LinkFixture.Settings, StringComparer.Ordinal)
    {
        ["Revocation:RemovalGrace"] = "00:00:01", ["Jobs:person-removal:Cron"] = "0/2 * * * * ?", ["MyProxy:RefusalDelay"] = "00:00:00", ["MyProxy:MaxAttempts"] = "100",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Removal_IsCarriedOutOnce_WhereverTheProcessIsKilled()
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        await using var portal = await PortalApplication.StartAsync(Settings, DieAt(crash, 1));
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));

        for (var n = 1; ; n++)
        {
            using var scene = await RequestScene.AskAndConfirmAsync(portal, $"person{n}");
            await scene.DecideAsync(officer, "approve");
            await portal.WaitForMailAsync(scene.Email, "/account/certificates/");
            await portal.WaitUntilQuietAsync();
            await GrantAsync(portal, $"person{n}");

            var deaths = 0;
            var people = new Stubborn(portal, $"person{n}", async () =>
            {
                Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                deaths++;
                crash.Disarm();
                await portal.RestartAsync(DieAt(crash, n + 1));
            });
            var form = PlainBrowser.Fill(await officer.OpenAsync($"/ra/people/person{n}"), "remove", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Reason"] = "Has left" });
            crash.Arm();
            await people.SendUntilAnsweredAsync(officer, form);
            var userId = await WaitForTheEndAsync(portal, people, $"person{n}");
            crash.Disarm();
            await RequireRemovedOnceAsync(portal, userId, $"person{n}");
            output.WriteLine($"{n}: {(crash.Instants.Count > 0 ? crash.Instants[^1] : "nothing")}");
            if (deaths == 0)
            {
                Assert.True(n > 4, $"Only {n} instants were met: what is killed there?");
                return;
            }
        }
    }

    private static Dictionary<string, string> DieAt(CrashPoint crash, int instant) =>
        new(crash.At($"{instant}", lastingOnly: true), StringComparer.Ordinal) { ["STARPORTAL_TEST_NO_CLAIMS"] = "1" };

    /// <summary>Something for others to act by in the person's name: a namespace, and a consumer with a token.</summary>
    private static async Task GrantAsync(PortalApplication portal, string userName)
    {
        await using var db = portal.NewDb();
        var owner = await db.Users.Where(user => user.UserName == userName).Select(user => user.Id).SingleAsync(Ct);
        var now = TimeProvider.System.GetUtcNow();
        var consumer = DelegationConsumer.Create("CDN", owner, now);
        db.AddRange(consumer, ConsumerCredential.OfToken(consumer.Id, SecureTokens.NewToken(), now), AcmeNamespace.Ask($"{userName}.example", NamespaceChallenge.Required, owner, null, "", now));
        await db.SaveChangesAsync(Ct);
    }

    private static async Task RequireNoGrantAsync(PortalDbContext db, Guid userId)
    {
        var consumer = await db.DelegationConsumers.SingleAsync(candidate => candidate.OwnerId == userId, Ct);
        var (claim, token) = (await db.AcmeNamespaces.SingleAsync(candidate => candidate.OwnerId == userId, Ct), await db.ConsumerCredentials.SingleAsync(candidate => candidate.ConsumerId == consumer.Id, Ct));
        Assert.True(consumer.EndedAt is not null && token.RevokedAt is not null && claim.State is AcmeNamespaceState.Withdrawn);
        foreach (var (action, id) in (IEnumerable<(AuditAction, Guid)>)[(AuditAction.ConsumerEnded, consumer.Id), (AuditAction.ConsumerCredentialRevoked, consumer.Id), (AuditAction.AcmeNamespaceWithdrawn, claim.Id)])
            Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == action && record.ObjectId == id.ToString(), Ct));
    }

    private static async Task<Guid> WaitForTheEndAsync(PortalApplication portal, Stubborn people, string userName)
    {
        await people.WaitUntilAsync(db => db.PersonRemovals.Any(removal => removal.UserName == userName && removal.Status == RemovalStatus.Done), "the end of the removal");
        await people.WaitUntilQuietAsync();
        await using var db = portal.NewDb();
        return await db.PersonRemovals.Where(removal => removal.UserName == userName).Select(removal => removal.UserId).SingleAsync(Ct);
    }

    private static async Task RequireRemovedOnceAsync(PortalApplication portal, Guid userId, string userName)
    {
        await using var db = portal.NewDb();
        Assert.True((await db.IssuedCertificates.AsNoTracking().SingleAsync(certificate => certificate.UserId == userId, Ct)).IsRevoked);
        Assert.Equal((0, 0), (await db.Users.CountAsync(user => user.Id == userId, Ct), await db.Credentials.CountAsync(key => key.UserId == userId, Ct)));
        Assert.Equal((0, 0), (await db.StoredCredentials.CountAsync(stored => stored.UserName == userName, Ct), await db.EnrollmentRequests.CountAsync(request => request.UserId == userId, Ct)));
        foreach (var action in (AuditAction[])[AuditAction.RemovalBegun, AuditAction.RemovalCompleted])
            Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == action && record.ObjectId == userId.ToString(), Ct));
        Assert.Single(portal.Mails, mail => mail.Subject == "Your account is being removed" && mail.To.Contains(AskedRequest.EmailOf(userName), StringComparison.Ordinal));
        await RequireNoGrantAsync(db, userId);
        await WorkingCredential.RequireNoneAsync(portal, userName, AskedRequest.Passphrase);
        await AuditLog.RequireIntactAsync(db);
    }
}

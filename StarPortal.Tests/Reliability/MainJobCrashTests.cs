using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Mail;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed at the n-th instant of one person's way to a certificate, for each n until it gets through alive. Every round is
/// another person's, on the same database.
/// </summary>
[Trait("Category", "Interop")]
public sealed class MainJobCrashTests(ITestOutputHelper output)
{
    /// <summary>Keys that are made at once, and limits that many people from one address don't reach.</summary>
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Authority:Root:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256), ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256),
        ["Authority:Profiles:person:PortalKey"] = nameof(KeyAlgorithm.EcdsaP256),
        ["Enrollment:RequestsPerAddressPerHour"] = "1000", ["Mail:MaxPerRecipientPerHour"] = "1000",
    };

    [Fact]
    public async Task Certificate_IsIssuedOnceAndEachMailSentOnce_WhereverTheProcessIsKilled()
    {
        // Two portals beside each other, one for each processor core of a small machine.
        var instants = await Task.WhenAll(RunAsync(first: 1, step: 2), RunAsync(first: 2, step: 2));
        Assert.True(instants.Max() > 25, $"Only {instants.Max()} instants were met: what is killed there?");
    }

    [Fact]
    public async Task Certificate_IsIssuedOnceAndEachMailSentOnce_WhereverTheProcessIsKilledOnPostgreSql() =>
        await RunAsync(first: 2, step: 5, onPostgreSql: true);

    /// <returns>The first n at which it got through alive.</returns>
    private async Task<int> RunAsync(int first, int step, bool onPostgreSql = false)
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        await using var portal = await PortalApplication.StartAsync(Settings, crash.At($"{first}"), onPostgreSql);
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));

        for (var n = first; ; n += step)
        {
            var deaths = 0;
            var job = new MainJob(portal, officer, $"person{n}", async () =>
            {
                Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                deaths++;
                crash.Disarm();
                await portal.RestartAsync(crash.At($"{n + step}"));
            });

            crash.Arm();
            await job.RunAsync();
            await RequireDoneOnceAsync(portal, job);
            if (deaths == 0) return n;
            Assert.Equal(1, deaths);
            Assert.Equal(n, crash.Instants.Count);
            output.WriteLine($"{n}: {crash.Instants[^1]}");
        }
    }

    private static async Task RequireDoneOnceAsync(PortalApplication portal, MainJob job)
    {
        await using var db = portal.NewDb();
        var ct = TestContext.Current.CancellationToken;
        var request = await db.EnrollmentRequests.AsNoTracking().SingleAsync(request => request.Email == job.Email, ct);
        var certificate = await db.IssuedCertificates.AsNoTracking().SingleAsync(certificate => certificate.UserId == request.UserId, ct);
        Assert.Equal((RequestStatus.Issued, certificate.Id), (request.Status, request.CertificateId!.Value));
        Assert.Equal(1, await db.Credentials.CountAsync(credential => credential.UserId == request.UserId, ct));
        Assert.Equal(1, await db.StoredCredentials.CountAsync(credential => credential.CertificateId == certificate.Id && credential.UserName == request.UserName, ct));
        Assert.Equal(0, await db.Outbox.CountAsync(item => item.Status != OutboxStatus.Done, ct));
        await RequireMailsAsync(portal, db, job);
        await RequireAuditAsync(db, request, certificate);
    }

    /// <summary>To the person one that asks for confirmation and one that says where the certificate is; to each of the two officers one.</summary>
    private static async Task RequireMailsAsync(PortalApplication portal, PortalDbContext db, MainJob job)
    {
        var files = portal.Mails;
        var person = files.Where(mail => mail.To.Contains(job.Email, StringComparison.Ordinal)).ToList();
        Assert.Equal(["Confirm your e-mail address for your certificate request", "Your certificate is ready"], person.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        var officers = files.Where(mail => mail.Links.Any(link => link.AbsolutePath == $"/ra/requests/{job.RequestId}")).Select(mail => mail.To).ToList();
        Assert.Equal(2, officers.Count);
        Assert.Equal(2, officers.Distinct(StringComparer.Ordinal).Count());

        var ct = TestContext.Current.CancellationToken;
        Assert.Equal(files.Count, await db.OutgoingMails.CountAsync(ct));
        var repeated = await db.AuditRecords.Where(record => record.Action == AuditAction.MailSent).GroupBy(record => record.ObjectId).Where(mail => mail.Count() > 1).CountAsync(ct);
        Assert.Equal(0, repeated);
    }

    private static async Task RequireAuditAsync(PortalDbContext db, EnrollmentRequest request, IssuedCertificate certificate)
    {
        await AuditLog.RequireIntactAsync(db);
        string[] objects = [$"{request.Id}", $"{request.UserId}", $"{certificate.SerialNumber}"];
        var actions = await db.AuditRecords.Where(record => objects.Contains(record.ObjectId)).Select(record => record.Action).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(actions.Distinct(), actions);
        AuditAction[] required =
        [
            AuditAction.UserCreated, AuditAction.RequestSubmitted, AuditAction.RequestConfirmed, AuditAction.EmailConfirmed, AuditAction.RequestApproved, AuditAction.RequestIssued,
            AuditAction.CertificateIssued,
        ];
        Assert.Empty(required.Except(actions));
    }
}

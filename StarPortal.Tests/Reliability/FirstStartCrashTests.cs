using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

[Trait("Category", "Interop")]
public sealed class FirstStartCrashTests
{
    /// <summary>Keys that are made at once: how long they take is not the question here.</summary>
    private static readonly Dictionary<string, string> QuickKeys = new(StringComparer.Ordinal)
    {
        ["Authority:Root:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256), ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256),
    };

    [Fact]
    public async Task FirstStart_ComesUp_WhenItDiedAfterEachThingThatItLeftBehind()
    {
        await using var portal = await PortalApplication.PrepareAsync(QuickKeys);
        var deaths = await StartUntilReadyAsync(portal);
        foreach (var name in (string[])["server.key", "root.key", "people.key", "servers.key"]) Assert.Contains($"file keys/{name}", deaths);
        foreach (var name in (string[])["root.pem", "people.pem", "servers.pem"]) Assert.Contains($"file pki/{name}", deaths);
        Assert.True(deaths.Count(death => death.StartsWith("after commit", StringComparison.Ordinal)) >= 4, string.Join('\n', deaths));

        await portal.KillAsync();
        await portal.RestartAsync();
        await RequireOneAuthorityAsync(portal);
        using var visitor = new PlainBrowser(portal);
        await visitor.SignInAsync(portal.PersonaOf("administrator"));
        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/")).Status);
    }

    [Fact]
    public async Task FirstStart_TellsHowToGetALink_WhenItDiedBeforeItPrintedTheOne()
    {
        await using var portal = await PortalApplication.PrepareAsync(new Dictionary<string, string>(QuickKeys, StringComparer.Ordinal) { ["Portal:Demo"] = "false" });
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        crash.Arm();
        portal.Start(crash.At("MailLinks"));
        Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
        Assert.DoesNotContain("/setup/", portal.Output, StringComparison.Ordinal);

        await portal.RestartAsync();
        await portal.WaitForOutputAsync("setup-link");
    }

    /// <summary>Each start does one lasting thing and dies of it; the next one finds what it left.</summary>
    /// <returns>Where it died, in order.</returns>
    private static async Task<List<string>> StartUntilReadyAsync(PortalApplication portal)
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        string[] watched = [Path.Combine(portal.DataDirectory, "keys"), Path.Combine(portal.DataDirectory, "pki")];
        foreach (var path in watched) Directory.CreateDirectory(path);

        List<string> deaths = [];
        while (deaths.Count < 150)
        {
            crash.Arm();
            portal.Start(new Dictionary<string, string>(crash.At("1", lastingOnly: true, watched), StringComparer.Ordinal) { ["STARPORTAL_TEST_NO_CLAIMS"] = "1" });
            if (await portal.WaitUntilReadyAsync(TestContext.Current.CancellationToken)) return deaths;
            Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
            deaths.Add(crash.Instants[^1]);
        }

        throw new InvalidOperationException($"It gets nowhere:\n{string.Join('\n', deaths)}");
    }

    private static async Task RequireOneAuthorityAsync(PortalApplication portal)
    {
        await using var db = portal.NewDb();
        var ct = TestContext.Current.CancellationToken;
        var authorities = await db.IssuedCertificates.Where(certificate => certificate.Profile == OwnCertificates.Authority).Select(certificate => certificate.Subject).ToListAsync(ct);
        Assert.Equal(3, authorities.Count);
        Assert.Equal(3, authorities.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(3, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.AuthorityCreated, ct));
        await AuditLog.RequireIntactAsync(db);
    }
}

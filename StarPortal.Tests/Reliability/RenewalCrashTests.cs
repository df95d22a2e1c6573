using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Renewal;
using StarPortal.Tests.Renewal;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>The real process is killed at the n-th instant of a renewal, for each n until it gets through alive: the old credential works until the new one does, and each thing happens once.</summary>
[Trait("Category", "Interop")]
public sealed class RenewalCrashTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["Authority:Root:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256), ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256),
        ["Authority:Profiles:person:PortalKey"] = nameof(KeyAlgorithm.EcdsaP256), [RenewalScene.ShortLife.Key] = RenewalScene.ShortLife.Value, ["Enrollment:RequestsPerAddressPerHour"] = "1000", ["Mail:MaxPerRecipientPerHour"] = "1000",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renewal_HappensOnceAndWhole_WhereverTheProcessIsKilled()
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        await using var portal = await PortalApplication.StartAsync(Settings, crash.At("1"));
        var people = await PrepareAsync(portal, count: 20);
        var n = 0;
        foreach (var person in people)
        {
            n++;
            var link = (await person.LinkAsync("renew")).ToString();
            var form = PlainBrowser.Fill(await person.Person.OpenAsync(link), "renew", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Passphrase"] = AskedRequest.Passphrase });
            crash.Arm();
            await SendAsync(portal, person, form);
            crash.Disarm();
            await LookAsync(person);
            var died = crash.Instants.Count >= n;
            if (died)
            {
                Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                await portal.RestartAsync(crash.At($"{n + 1}"));
                Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await WorkingCredential.LogOnAsync(portal, $"renewing{n - 1}", AskedRequest.Passphrase));
            }

            await FinishAsync(person, link);
            await portal.WaitUntilQuietAsync();
            await RequireRenewedOnceAsync(portal, person);
            await WorkingCredential.RequireAsync(portal, $"renewing{n - 1}", AskedRequest.Passphrase);
            if (!died) break;
            output.WriteLine($"{n}: {crash.Instants[^1]}");
        }

        Assert.InRange(n, 4, people.Count - 1);
    }

    private static async Task<IReadOnlyList<RenewalScene>> PrepareAsync(PortalApplication portal, int count)
    {
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));
        List<RenewalScene> people = [];
        for (var i = 0; i < count; i++) people.Add(await RenewalScene.IssueAsync(portal, officer, $"renewing{i}"));
        await RenewalScene.WindAsync(officer, RenewalScene.UntilNotice);
        return people;
    }

    /// <summary>Until everything that follows from it is done, or the portal is dead.</summary>
    private static async Task SendAsync(PortalApplication portal, RenewalScene person, FilledForm form)
    {
        try
        {
            var page = await person.Person.SendAsync(form);
            Assert.True(page.Status is HttpStatusCode.OK, page.Text);
            await portal.WaitForAsync(() => portal.HasExited || IsQuiet(portal));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // It was killed at this.
        }
    }

    /// <summary>Whatever was on its way when the instants ceased to count has come by when this is answered, or not.</summary>
    private static async Task LookAsync(RenewalScene person)
    {
        try
        {
            await person.Person.OpenAsync("/status");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // It was killed at the very last instant.
        }
    }

    private static bool IsQuiet(PortalApplication portal)
    {
        using var db = portal.NewDb();
        return !db.Outbox.Any(item => item.Status == OutboxStatus.Pending);
    }

    /// <summary>The person looks, and does again what visibly was not done.</summary>
    private static async Task FinishAsync(RenewalScene person, string link)
    {
        var page = await person.Person.OpenAsync(link);
        if (page.FindForm("renew") is not null) page = await person.RenewAsync(link);
        Assert.Contains("Your certificate is renewed", page.Text, StringComparison.Ordinal);
    }

    private static async Task RequireRenewedOnceAsync(PortalApplication portal, RenewalScene person)
    {
        var certificates = await person.CertificatesAsync();
        Assert.Equal(2, certificates.Count);
        await using var db = portal.NewDb();
        var renewed = certificates[1].Id;
        Assert.Equal(renewed, await db.CertificateRenewals.Where(row => row.CertificateId == certificates[0].Id).Select(row => row.ReplacementId).SingleAsync(Ct));
        Assert.Equal(1, await db.Credentials.CountAsync(row => row.CertificateId == renewed, Ct));
        var userId = certificates[0].UserId;
        Assert.Equal([renewed], await db.StoredCredentials.Where(row => row.UserId == userId).Select(row => row.CertificateId!.Value).ToListAsync(Ct));
        var serial = certificates[0].SerialNumber.ToString();
        Assert.Equal(1, await db.AuditRecords.CountAsync(row => row.Action == AuditAction.CertificateRenewed && row.ObjectId == serial, Ct));
        Assert.Single(portal.Mails, mail => mail.Subject == "Your certificate is renewed" && mail.To.Contains(person.Email, StringComparison.Ordinal));
        await AuditLog.RequireIntactAsync(db);
    }
}

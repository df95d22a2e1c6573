using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Renewal;

/// <summary>Somebody with a certificate that comes to its end, and that person's browser, by the pages' own forms.</summary>
internal sealed class RenewalScene(PortalApplication portal, RequestScene request)
{
    /// <summary>A certificate that lives for a month: its first notice comes ten days before the end.</summary>
    public static KeyValuePair<string, string> ShortLife => new("Authority:Profiles:person:Validity", "30.00:00:00");

    public const int UntilNotice = 21;

    public PlainBrowser Person => request.Person;

    public string Email => request.Email;

    /// <summary>Of the first certificate.</summary>
    public string Serial => request.CertificateLink.Segments[^1];

    /// <param name="officer">Signed in; approves.</param>
    public static async Task<RenewalScene> IssueAsync(PortalApplication portal, PlainBrowser officer, string userName)
    {
        var request = await RequestScene.AskAndConfirmAsync(portal, userName);
        await request.DecideAsync(officer, "approve");
        await portal.WaitForMailAsync(request.Email, "/account/certificates/");
        return new(portal, request);
    }

    /// <summary>Winds the demo's clock, jobs and all.</summary>
    public static async Task WindAsync(PlainBrowser signedIn, int days)
    {
        var page = await signedIn.SendAsync("/demo/clock", "wind", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Hours"] = $"{days * 24}" });
        Assert.Contains("failed=0", page.Address.Query, StringComparison.Ordinal);
    }

    /// <summary>The link of the newest notice.</summary>
    public async Task<Uri> LinkAsync(string page)
    {
        await portal.WaitForMailAsync(Email, $"/{page}/");
        return portal.Mails.Last(mail => mail.To.Contains(Email, StringComparison.Ordinal) && mail.HasLink($"/{page}/")).LinkTo($"/{page}/");
    }

    public Task<HtmlPage> RenewAsync(string address, string passphrase = AskedRequest.Passphrase) =>
        Person.SendAsync(address, "renew", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Passphrase"] = passphrase });

    public async Task<IReadOnlyList<IssuedCertificate>> CertificatesAsync()
    {
        await using var db = portal.NewDb();
        var users = db.Users;
        var ct = TestContext.Current.CancellationToken;
        var userId = await users.Where(user => user.Email == Email).Select(user => user.Id).SingleAsync(ct);
        return await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.UserId == userId).OrderBy(certificate => certificate.IssuedAt).ToListAsync(ct);
    }
}

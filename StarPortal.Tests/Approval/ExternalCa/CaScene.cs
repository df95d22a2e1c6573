using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval.ExternalCa;

/// <summary>A portal whose people get their certificates from a CA outside, an officer, and a request that was approved and sent there.</summary>
internal sealed class CaScene : IAsyncDisposable
{
    private CaScene(TestPortal portal, OutsideCa ca, Organisation lab, Actor officer) => (Portal, Ca, Lab, Officer) = (portal, ca, lab, officer);

    public TestPortal Portal { get; }

    public OutsideCa Ca { get; }

    public Organisation Lab { get; }

    public Actor Officer { get; }

    public static async Task<CaScene> StartAsync(string proof = "Token", Core.Data.DatabaseProvider? provider = null, params (string Key, string Value)[] settings)
    {
        var ca = new OutsideCa(new TestClock().Now);
        var all = ca.Settings(proof);
        foreach (var (key, value) in settings) all[key] = value;
        var portal = await TestPortal.StartAsync(all, provider);
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        return new(portal, ca, lab, await portal.AddOfficerAsync(lab, "olga"));
    }

    /// <summary>A request, approved and sent.</summary>
    public async Task<(EnrollmentRequest Request, SentMail Mail)> AskAsync()
    {
        var request = await Queued.AddWithPortalKeyAsync(Portal, Lab);
        await Portal.Get<ApprovalService>().ApproveAsync(request.Id, [], Officer, TestContext.Current.CancellationToken);
        await Portal.DrainOutboxAsync();
        return (request, Portal.Mails.Last(mail => mail.To.Contains(OutsideCa.Address, StringComparison.Ordinal)));
    }

    /// <summary>The job's next run, and what follows from it.</summary>
    public async Task<string> ReadMailAsync()
    {
        var result = await Portal.Get<CaMailJob>().RunAsync(TestContext.Current.CancellationToken);
        await Portal.DrainOutboxAsync();
        return result;
    }

    public async Task<EnrollmentRequest> LoadAsync(EnrollmentRequest request)
    {
        await using var db = Portal.NewDb();
        return await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, TestContext.Current.CancellationToken);
    }

    public async Task<IReadOnlyList<IssuedCertificate>> CertificatesAsync(EnrollmentRequest request)
    {
        await using var db = Portal.NewDb();
        return await db.IssuedCertificates.Where(row => row.UserId == request.UserId).ToListAsync(TestContext.Current.CancellationToken);
    }

    public async Task<CaMail> LastMailAsync()
    {
        await using var db = Portal.NewDb();
        return (await db.CaMails.ToListAsync(TestContext.Current.CancellationToken)).MaxBy(mail => mail.ReadAt)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        Ca.Dispose();
    }
}

using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Approval;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

/// <summary>Somebody who has been through it all: asked, approved, issued; signs in, downloads and logs on by one passphrase.</summary>
internal sealed record SettledPerson(TestPortal Portal, Guid UserId, string UserName, Organisation Organisation, Actor Officer)
{
    public const string Passphrase = Queued.Passphrase;
    public const string NewPassphrase = "violet harbour lantern seven";
    public const string Hint = "The comic about a horse";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Actor Visitor => AccountSupport.Visitor;

    public Actor Actor => new(UserId, UserName, [new ActorGrant(PortalRole.Subscriber, null)]) { Address = "198.51.100.7" };

    public static MyProxyClient Client => new(null, IsLimited: false, "198.51.100.7");

    /// <summary>A portal whose keys and hashes are quick to make.</summary>
    public static Task<TestPortal> StartPortalAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Authority:Profiles:person:PortalKey"] = "EcdsaP256", ["MyProxy:RefusalDelay"] = "00:00:00" };
        foreach (var (name, value) in settings) all[name] = value;
        return TestPortal.StartAsync(all, services: new CountingHasher().Replace);
    }

    public static async Task<SettledPerson> AddAsync(TestPortal portal)
    {
        var lab = await portal.AddOrganisationAsync($"Lab {Guid.NewGuid():N}"[..20]);
        var officer = await portal.AddOfficerAsync(lab);
        var request = await Queued.AddWithPortalKeyAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);
        await portal.DrainOutboxAsync();
        await using var db = portal.NewDb();
        var user = await db.Users.SingleAsync(candidate => candidate.Id == request.UserId, Ct);
        user.SetPassphrase(portal.Get<SignInPassphrases>().Seal(Passphrase, Hint));
        await db.SaveChangesAsync(Ct);
        portal.Clock.Advance(TimeSpan.FromMinutes(1)); // what is issued from now on is newer
        return new(portal, user.Id, user.UserName!, lab, officer);
    }

    public ChangePassphraseForm Form(string old = Passphrase, string @new = NewPassphrase, string? hint = null) =>
        new() { UserName = UserName, OldPassphrase = old, Passphrase = @new, PassphraseAgain = @new, Hint = hint };

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<IssuedCertificate>> CertificatesAsync()
    {
        await using var db = Portal.NewDb();
        return await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.UserId == UserId).OrderByDescending(certificate => certificate.IssuedAt).ToListAsync(Ct);
    }

    /// <summary>What a passphrase opens: signing in, the newest key, the MyProxy credential.</summary>
    public async Task<(bool SignIn, bool Key, bool MyProxy)> OpensAsync(string passphrase) =>
        (await SignsInAsync(passphrase), await OpensKeyAsync(passphrase), await LogsOnAsync(passphrase));

    public Task<bool> LogsOnAsync(string passphrase) => DoneAsync(async () =>
    {
        using var request = new MyProxyRequest { Command = MyProxyCommand.Get, UserName = UserName, Passphrase = Encoding.UTF8.GetBytes(passphrase) };
        if (await Portal.Get<LogonService>().DecideAsync(request, Client, Ct) is LogonDecision.Open open) open.Credential.Dispose();
    });

    private Task<bool> SignsInAsync(string passphrase) => DoneAsync(() => Portal.Get<SignInService>().CheckPassphraseAsync(UserName, passphrase, Visitor, Ct));

    private Task<bool> OpensKeyAsync(string passphrase) => DoneAsync(async () =>
        await Portal.Get<DownloadService>().GetKeyAsync((await CertificatesAsync())[0].SerialNumber, DownloadUse.Grid, passphrase, Actor, Ct));

    private static async Task<bool> DoneAsync(Func<Task> deed)
    {
        try
        {
            await deed();
            return true;
        }
        catch (ServiceException)
        {
            return false;
        }
    }
}

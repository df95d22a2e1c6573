using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;
using StarPortal.Core.Star;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Star;
using AcmeClient = StarPortal.Core.Delegation.AcmeClient;

namespace StarPortal.Tests.Delegation;

/// <summary>Another StarPortal as upstream: STAR orders, renewal information, what is refused, and key changes by our own rules.</summary>
[Trait("Category", "Unit")]
public sealed class StarUpstreamTests
{
    private const string Name = "star.lab.example.org";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Directory_TellsTheTermsOfStar()
    {
        await using var star = await StarOrderScene.StartAsync();
        using var scene = At(star);
        var directory = await scene.Connection.GetDirectoryAsync(Ct);
        Assert.Equal(star.Portal.Get<Microsoft.Extensions.Options.IOptions<StarOptions>>().Value.MinLifetime, directory.AutoRenewal!.MinLifetime);
        Assert.True(directory.AutoRenewal.AllowsCertificateGet);
        Assert.NotEmpty(directory.Profiles);
        Assert.NotNull(directory.RenewalInfo);
    }

    [Fact]
    public async Task StarOrder_IsPlaced_Fetched_AndCancelled()
    {
        await using var star = await StarOrderScene.StartAsync();
        using var scene = At(star);
        var client = await scene.RegisterAsync();
        var csr = OrderScene.Csr(Name);
        var order = await client.OrderAsync(Asked(star), Ct);
        Assert.Equal((star.Now.AddDays(1), TimeSpan.FromHours(6), true), (order.AutoRenewal!.EndDate, order.AutoRenewal.Lifetime, order.AutoRenewal.AllowsCertificateGet));
        var valid = await UpstreamScene.Wait.UntilValidAsync(client, await client.FinalizeAsync(order, csr, Ct), Ct);
        var first = UpstreamScene.CheckOf(csr, Name).Require(await client.DownloadAsync(valid.StarCertificate!, Ct), star.Now);

        await star.PassAsync(TimeSpan.FromHours(5));
        var second = UpstreamScene.CheckOf(csr, Name).Require(await client.DownloadAsync(valid.StarCertificate!, Ct), star.Now);
        Assert.NotEqual(first.SerialNumber, second.SerialNumber);

        Assert.Equal(AcmeOrderStatus.Canceled, (await client.CancelAsync(order.Url, Ct)).Status);
        Assert.True((await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => client.DownloadAsync(valid.StarCertificate!, Ct))).Problem!.Is("autoRenewalCanceled"));
        Assert.Equal(AcmeOrderStatus.Canceled, (await client.GetOrderAsync(order.Url, Ct)).Status);
    }

    [Fact]
    public async Task StarCertificate_CannotBeRevoked_AndThatIsTold()
    {
        await using var star = await StarOrderScene.StartAsync();
        using var scene = At(star);
        var client = await scene.RegisterAsync();
        var csr = OrderScene.Csr(Name);
        var valid = await client.FinalizeAsync(await client.OrderAsync(Asked(star), Ct), csr, Ct);
        using var certificate = X509Certificate2.CreateFromPem((await client.DownloadAsync(valid.StarCertificate!, Ct)).Pem);
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => client.RevokeAsync(certificate, RevocationReason.Unspecified, Ct));
        Assert.True(error.Problem!.Is("autoRenewalRevocationNotSupported"));
    }

    [Fact]
    public async Task Order_WithAProfile_IsRenewedByItsInformation_AndReplacesItsPredecessor()
    {
        await using var star = await StarOrderScene.StartAsync();
        using var scene = At(star);
        var client = await scene.RegisterAsync();
        var profile = (await client.GetDirectoryAsync(Ct)).Profiles[0];
        var chain = await IssueAsync(star, client, new([AcmeIdentifier.Dns(Name)]) { Profile = profile });
        var info = await client.FindRenewalInfoAsync(chain.RenewalId!, Ct);
        Assert.InRange(info!.WindowStart, chain.Life.NotBefore, chain.Life.NotAfter);
        Assert.NotNull(info.RetryAt);

        await IssueAsync(star, client, new([AcmeIdentifier.Dns(Name)]) { Replaces = chain.RenewalId });
        var again = await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => client.OrderAsync(new([AcmeIdentifier.Dns(Name)]) { Replaces = chain.RenewalId }, Ct));
        Assert.True(again.Problem!.Is("alreadyReplaced"));
    }

    [Fact]
    public async Task Order_ForAProfileThatIsNone_IsRefused()
    {
        await using var star = await StarOrderScene.StartAsync();
        using var scene = At(star);
        var client = await scene.RegisterAsync();
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => client.OrderAsync(new([AcmeIdentifier.Dns(Name)]) { Profile = "none" }, Ct));
        Assert.True(error.Problem!.Is("invalidProfile"));
    }

    [Fact]
    public async Task Key_IsRolledOver_ByStrictRules()
    {
        await using var star = await StarOrderScene.StartAsync();
        using var scene = At(star);
        using var newKey = UpstreamKey.Make();
        var account = await scene.Accounts.RegisterAsync(scene.Key, ["mailto:pki@example.org"], binding: null, Ct);
        await scene.Accounts.ChangeKeyAsync(scene.Key, account.Url, newKey, Ct);
        Assert.Equal(account.Url, (await scene.Accounts.FindAsync(newKey, Ct))!.Url);
        Assert.Null(await scene.Accounts.FindAsync(scene.Key, Ct));
    }

    private static UpstreamScene At(StarOrderScene star) => UpstreamScene.At(new(new Uri(star.Portal.BaseUrl, "acme/directory"))
    {
        RootsPem = star.Portal.RootPem, Limits = new() { PollInterval = TimeSpan.FromMilliseconds(50) },
    });

    private static NewUpstreamOrder Asked(StarOrderScene star) =>
        new([AcmeIdentifier.Dns(Name)]) { AutoRenewal = new(star.Now.AddDays(1), TimeSpan.FromHours(6)) { AllowCertificateGet = true } };

    private static async Task<CheckedChain> IssueAsync(StarOrderScene star, AcmeClient client, NewUpstreamOrder asked)
    {
        var csr = OrderScene.Csr(Name);
        var valid = await UpstreamScene.Wait.UntilValidAsync(client, await client.FinalizeAsync(await client.OrderAsync(asked, Ct), csr, Ct), Ct);
        return UpstreamScene.CheckOf(csr, Name).Require(await client.DownloadAsync(valid.Certificate!, Ct), star.Now);
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class HostCertificateTests
{
    private static readonly string[] Names = ["portal.example.org", "localhost", "127.0.0.1", "::1"];

    [Fact]
    public void Names_AreTheOutwardHostAndThisMachines() =>
        Assert.Equal(Names, HostCertificates.NamesFor(new PortalOptions { PublicUrl = "https://Portal.example.org/base" }));

    [Theory]
    [InlineData("portal.example.org")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Certificate_ServesTls_ForEachName(string target)
    {
        await using var portal = await TestPortal.StartAsync();
        var tls = await portal.Get<HostCertificates>().GetOrIssueAsync(Names, TestContext.Current.CancellationToken);
        Assert.Equal(SslPolicyErrors.None, await ShakeHandsAsync(tls, target));
        Assert.NotEqual(SslPolicyErrors.None, await ShakeHandsAsync(tls, "other.example.org"));
    }

    [Fact]
    public async Task Certificate_IsTheSame_ForASecondNodeAndAfterARestart()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = await portal.Get<HostCertificates>().GetOrIssueAsync(Names, TestContext.Current.CancellationToken);
        using var other = new HostCertificates(portal.Get<CertificateAuthority>(), portal.Get<IssuanceProfiles>(), portal.Get<ServerKey>(), portal.Get<IDbContextFactory<Core.Data.PortalDbContext>>(), portal.Clock);
        Assert.Equal(first.Certificate.Thumbprint, (await other.GetOrIssueAsync(Names, TestContext.Current.CancellationToken)).Certificate.Thumbprint);
    }

    [Fact]
    public async Task Certificate_IsRenewedByTheJob_WhenAThirdOfItsTimeIsLeft()
    {
        await using var portal = await TestPortal.StartAsync();
        var certificates = portal.Get<HostCertificates>();
        var first = await certificates.GetOrIssueAsync(Names, TestContext.Current.CancellationToken);
        Assert.Equal("not due", await portal.Get<TlsCertificateJob>().RunAsync(TestContext.Current.CancellationToken));
        portal.Clock.Advance(TimeSpan.FromDays(250));
        Assert.Equal("renewed", await portal.Get<TlsCertificateJob>().RunAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(first.Certificate.Thumbprint, certificates.Current!.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Certificate_IsReplacedByTheJob_WhenItWasRevoked()
    {
        await using var portal = await TestPortal.StartAsync();
        var certificates = portal.Get<HostCertificates>();
        var first = await certificates.GetOrIssueAsync(Names, TestContext.Current.CancellationToken);
        await using (var db = portal.NewDb())
            await IssuedFiles.RevokeAsync(portal, await db.IssuedCertificates.SingleAsync(row => row.SourceKey.StartsWith("tls:"), TestContext.Current.CancellationToken));
        Assert.Equal("renewed", await portal.Get<TlsCertificateJob>().RunAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(first.Certificate.Thumbprint, certificates.Current!.Certificate.Thumbprint);
    }

    private static async Task<SslPolicyErrors> ShakeHandsAsync(TlsCertificate tls, string target)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var connect = client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await connect;

        var seen = SslPolicyErrors.None;
        await using var server = new SslStream(accepted.GetStream());
        await using var browser = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(tls.Chain[^1]);
        var serving = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = tls.Context }, TestContext.Current.CancellationToken);
        await browser.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = target,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, _, _, errors) => (seen = errors) >= SslPolicyErrors.None,
        }, TestContext.Current.CancellationToken);
        await serving;
        return seen;
    }
}

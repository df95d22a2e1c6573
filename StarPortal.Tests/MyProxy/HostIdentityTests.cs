using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class HostIdentityTests
{
    private static readonly Dictionary<string, string?> Outside = new() { ["Portal:PublicUrl"] = "https://Grid.Example.org:8443" };

    [Fact]
    public async Task Certificate_IsRsaWithThePublicNameAndLocalhost_AndItsChainEndsWithTheRoot()
    {
        await using var portal = await TestPortal.StartAsync(Outside);
        var material = await GetAsync(portal);
        using var leaf = X509CertificateLoader.LoadCertificate(material.Chain[0]);
        using var key = leaf.GetRSAPublicKey();

        Assert.True(key!.KeySize >= 2048);
        Assert.Equal(["grid.example.org", "localhost"], leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal("/DC=org/DC=starportal/CN=grid.example.org", OneLineName.Of(leaf.SubjectName.RawData));
        Assert.Equal(3, material.Chain.Count);
        Assert.Equal(portal.Get<CertificateAuthority>().ChainOf(Issuers.Root)[0].RawData, material.Chain[^1]);
    }

    [Fact]
    public async Task Key_IsTheCertificates()
    {
        await using var portal = await TestPortal.StartAsync();
        var material = await GetAsync(portal);
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(material.PrivateKey, out _);
        using var leaf = X509CertificateLoader.LoadCertificate(material.Chain[0]);
        Assert.Equal(leaf.PublicKey.ExportSubjectPublicKeyInfo(), key.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task Identity_StaysTheSame_UntilTwoThirdsOfItsTimeHavePassed()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = await GetAsync(portal);
        Assert.Same(first, await GetAsync(portal));
        portal.Clock.Advance(TimeSpan.FromDays(250));
        Assert.Equal("renewed", await portal.Get<TlsCertificateJob>().RunAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(first.Version, (await GetAsync(portal)).Version);
    }

    [Fact]
    public async Task Https_KeepsItsOwnCertificate_WhenBothAreInUse()
    {
        await using var portal = await TestPortal.StartAsync();
        var certificates = portal.Get<HostCertificates>();
        var https = await certificates.GetOrIssueAsync(["localhost"], TestContext.Current.CancellationToken);
        var material = await GetAsync(portal);
        Assert.Equal(https.Certificate.Thumbprint, certificates.Current!.Certificate.Thumbprint);
        Assert.NotEqual(https.Certificate.RawData, material.Chain[0]);
        Assert.Equal(IssuanceProfiles.GridHost, (await ProfilesAsync(portal)).Order(StringComparer.Ordinal).First());
    }

    [Fact]
    public void Names_AreThePublicHostOnce() =>
        Assert.Equal(["localhost"], HostIdentity.NamesFor(new PortalOptions()));

    private static async Task<List<string>> ProfilesAsync(TestPortal portal)
    {
        await using var db = portal.NewDb();
        return [.. db.IssuedCertificates.Where(row => row.SourceKey.StartsWith("tls:")).Select(row => row.Profile)];
    }

    private static Task<HostIdentityMaterial> GetAsync(TestPortal portal) => portal.Get<HostIdentity>().GetAsync(TestContext.Current.CancellationToken);
}

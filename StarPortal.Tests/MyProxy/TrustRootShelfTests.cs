using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class TrustRootShelfTests
{
    [Fact]
    public async Task Roots_AreOurThreeCas_WithPolicyAndCrl()
    {
        await using var portal = await TestPortal.StartAsync();
        var roots = await ReadAsync(portal);
        Assert.Equal((9, 3, 3), (roots.Files.Count, roots.Authorities.Count, roots.RevocationLists.Count));
        Assert.Equal(["0", "r0", "signing_policy"], roots.Files.Select(file => file.Name.Split('.')[1]).Distinct());
        Assert.All(roots.Files.Where(file => file.Name.EndsWith("policy", StringComparison.Ordinal)), file => Assert.Contains("\"/DC=org/DC=starportal/*\"", Encoding.ASCII.GetString(file.Content), StringComparison.Ordinal));
        Assert.All(roots.Files, file => Assert.Matches("^[0-9a-f]{8}[.][a-z0-9_]+$", file.Name));
    }

    [Fact]
    public async Task Roots_AreTheSameObject_UntilSomethingIsRevoked()
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        var before = await ReadAsync(portal);
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Same(before, await ReadAsync(portal));

        await IssuedFiles.RevokeAsync(portal, files.Certificate);
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotEqual(before.Version, (await ReadAsync(portal)).Version);
    }

    [Fact]
    public async Task Crls_AreSignedAnew_WhenTheyWouldBeStale()
    {
        await using var portal = await TestPortal.StartAsync();
        await ReadAsync(portal);
        portal.Clock.Advance(TimeSpan.FromDays(200));
        await ReadAsync(portal);
        foreach (var issuer in Issuers.Names) Assert.True((await portal.Get<CrlShelf>().FindAsync(issuer, TestContext.Current.CancellationToken))!.NextUpdate > portal.Clock.Now);
    }

    [Fact]
    public async Task Names_AreThoseOfGridCertificatesOnly()
    {
        await using var portal = await TestPortal.StartAsync();
        var names = CertifiedNames.Of(await ReadAsync(portal));
        var person = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        var web = await IssuedFiles.IssueAsync(portal, Orders.Host(portal, "www.example.org"));
        var host = await portal.Get<HostIdentity>().GetAsync(TestContext.Current.CancellationToken);

        Assert.Null(names.FindProblem([person.Certificate.Der]));
        Assert.Null(names.FindProblem(host.Chain));
        Assert.Contains("may not certify /CN=www.example.org", names.FindProblem([web.Certificate.Der]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_AddsItsCas_AndIsReadAgainWhenItChanges()
    {
        using var folder = new TestFolder();
        await using var portal = await StartAsync(folder);
        Assert.Equal(3, (await ReadAsync(portal)).Authorities.Count);

        Write(folder);
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        var roots = await ReadAsync(portal);
        Assert.Contains(roots.Authorities, der => der.AsSpan().SequenceEqual(GridCa.Certificate.RawData));
        Assert.Equal(12, roots.Files.Count);
    }

    [Fact]
    public async Task Directory_LosesACa_WhenItsCrlEnds()
    {
        using var folder = new TestFolder();
        await using var portal = await StartAsync(folder);
        Write(folder);
        Assert.Equal(4, (await ReadAsync(portal)).Authorities.Count);
        portal.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(3, (await ReadAsync(portal)).Authorities.Count);
    }

    [Theory]
    [InlineData("signing_policy", null)]
    [InlineData("signing_policy", "access_id_CA X509 '/CN=Other'\npos_rights globus CA:sign\ncond_subjects globus '\"*\"'\n")]
    [InlineData("signing_policy", "nonsense")]
    [InlineData("0", "nonsense")]
    [InlineData("0", "-----BEGIN CERTIFICATE-----\nMAMBAgM=\n-----END CERTIFICATE-----\n")]
    [InlineData("0", "-----BEGIN CERTIFICATE-----\nMAMB")]
    [InlineData("r0", "nonsense")]
    public async Task Directory_SetsACaAside_WhenAFileOfItIsBad(string extension, string? content)
    {
        using var folder = new TestFolder();
        await using var portal = await StartAsync(folder);
        var path = $"{Write(folder)}.{extension}";
        if (content is null) File.Delete(path);
        else await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await ReadAsync(portal)).Authorities.Count);
    }

    [Fact]
    public async Task Directory_SetsFilesAside_ThatAreNotWhatTheirNameSays()
    {
        using var folder = new TestFolder();
        await using var portal = await StartAsync(folder);
        var path = Write(folder);
        foreach (var extension in (string[])["0", "signing_policy"]) File.Move($"{path}.{extension}", folder[$"00000000.{extension}"]);
        await File.WriteAllTextAsync(folder["a,b.0"], "x", TestContext.Current.CancellationToken);
        Assert.Equal(3, (await ReadAsync(portal)).Authorities.Count);
    }

    [Fact]
    public async Task Roots_AreOurs_WhenTheDirectoryIsNotThere()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["MyProxy:TrustDirectory"] = "/nowhere/at/all" });
        Assert.Equal(3, (await ReadAsync(portal)).Authorities.Count);
    }

    internal static Task<TrustRootSet> ReadAsync(TestPortal portal) => portal.Get<TrustRootShelf>().GetAsync(TestContext.Current.CancellationToken);

    private static Task<TestPortal> StartAsync(TestFolder folder) => TestPortal.StartAsync(new Dictionary<string, string?> { ["MyProxy:TrustDirectory"] = folder.FullPath });

    /// <returns>The path of the files without their extensions.</returns>
    private static string Write(TestFolder folder)
    {
        var path = folder[CanonicalName.HashOf(GridCa.Certificate.SubjectName.RawData)];
        File.WriteAllText($"{path}.0", "Text before\n" + GridCa.Certificate.ExportCertificatePem());
        File.WriteAllBytes($"{path}.signing_policy", new SigningPolicy(GridCa.Name, ["/O=StarGrid/*"]).Write());
        var crl = new CertificateRevocationListBuilder().Build(
            GridCa.Certificate, 1, GridCa.Now.AddDays(7), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, GridCa.Now.AddHours(-1));
        File.WriteAllBytes($"{path}.r0", crl);
        return path;
    }
}

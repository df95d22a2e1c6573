using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class AuthoritySetupTests
{
    /// <summary>Small keys: what is tested is the order of the steps.</summary>
    private static readonly Dictionary<string, string?> Quick = new()
    {
        ["Authority:Root:Algorithm"] = "EcdsaP384", ["Authority:People:Algorithm"] = "Rsa2048", ["Authority:Servers:Algorithm"] = "EcdsaP256",
    };

    public static TheoryData<string> Steps => [.. Issuers.Names.SelectMany(name => new[] { $"{name}.key", $"{name}.pem", $"{name}.row" })];

    [Theory, MemberData(nameof(Steps))]
    public async Task Start_EndsWithOneAuthority_WhenTheFirstDiedAfterAnyStep(string fatal)
    {
        await using var portal = await EmptyAsync();
        var context = portal.Get<AuthoritySetupContext>();
        context.Step = step => { if (step == fatal) throw new OperationCanceledException(step); };
        await Assert.ThrowsAsync<OperationCanceledException>(() => portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken));
        var before = Directory.GetFiles(Path.Combine(portal.DataDirectory, "keys"), "*.key").ToDictionary(path => path, File.ReadAllText);

        context.Step = _ => { };
        await portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken);
        await portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken);

        await AssertCompleteAsync(portal);
        Assert.All(before, key => Assert.Equal(key.Value, File.ReadAllText(key.Key)));
    }

    [Fact]
    public async Task Start_RefusesToMakeAnotherAuthority_WhenTheKeysOfThisDatabaseAreGone()
    {
        await using var portal = await ReadyAsync();
        File.Delete(Path.Combine(portal.DataDirectory, "keys", "people.key"));
        var error = await Assert.ThrowsAsync<AuthorityUnusableException>(() => portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Restore keys/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_RefusesToGoOn_WhenAKeyIsFromAnotherAuthority()
    {
        await using var portal = await ReadyAsync();
        await using var other = await ReadyAsync();
        File.Copy(Path.Combine(other.DataDirectory, "keys", "servers.key"), Path.Combine(portal.DataDirectory, "keys", "servers.key"), overwrite: true);
        var error = await Assert.ThrowsAsync<AuthorityUnusableException>(() => portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken));
        Assert.Contains("does not open with the server key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WritesTheCertificatesAgain_WhenTheirFilesAreGone()
    {
        await using var portal = await ReadyAsync();
        var root = await File.ReadAllTextAsync(Path.Combine(portal.DataDirectory, "pki", "root.pem"), TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(portal.DataDirectory, "pki"), recursive: true);
        await portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken);
        Assert.Equal(root, await File.ReadAllTextAsync(Path.Combine(portal.DataDirectory, "pki", "root.pem"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_MakesOneAuthority_WhenTwoStartAtOnce()
    {
        await using var portal = await EmptyAsync();
        var setup = portal.Get<AuthoritySetup>();
        await Task.WhenAll(setup.EnsureAsync(TestContext.Current.CancellationToken), setup.EnsureAsync(TestContext.Current.CancellationToken));
        await AssertCompleteAsync(portal);
    }

    [Fact]
    public async Task Authorities_AreWhatThePlanSays_AfterTheDefaultFirstStart()
    {
        await using var portal = await TestPortal.StartAsync();
        var people = portal.Get<CertificateAuthority>().ChainOf(Issuers.People);
        var servers = portal.Get<CertificateAuthority>().ChainOf(Issuers.Servers);

        Assert.Equal((4096, "sha256RSA"), (people[1].GetRSAPublicKey()!.KeySize, people[1].SignatureAlgorithm.FriendlyName));
        Assert.Equal((3072, "sha256RSA"), (people[0].GetRSAPublicKey()!.KeySize, people[0].SignatureAlgorithm.FriendlyName));
        Assert.Equal(256, servers[0].GetECDsaPublicKey()!.KeySize);
        Assert.Equal([1, 0, 0], new[] { people[1], people[0], servers[0] }.Select(ca => ca.Extensions.OfType<X509BasicConstraintsExtension>().Single().PathLengthConstraint));
        Assert.All(Directory.GetFiles(Path.Combine(portal.DataDirectory, "keys")), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
        Assert.All(Issuers.Names, name => Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(Path.Combine(portal.DataDirectory, "keys", $"{name}.key")), StringComparison.Ordinal));
    }

    private static async Task<TestPortal> EmptyAsync()
    {
        var portal = await TestPortal.BuildEmptyAsync(provider: null, Quick);
        await portal.Get<DatabaseSetup>().MigrateAsync(TestContext.Current.CancellationToken);
        return portal;
    }

    private static async Task<TestPortal> ReadyAsync()
    {
        var portal = await EmptyAsync();
        await portal.Get<AuthoritySetup>().EnsureAsync(TestContext.Current.CancellationToken);
        return portal;
    }

    private static async Task AssertCompleteAsync(TestPortal portal)
    {
        await using var db = portal.NewDb();
        var rows = await db.IssuedCertificates.Where(row => row.Profile == "authority").ToDictionaryAsync(row => row.SourceKey, TestContext.Current.CancellationToken);
        Assert.Equal(Issuers.Names.Select(name => $"authority:{name}").Order(), rows.Keys.Order());
        Assert.Equal(3, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.AuthorityCreated, TestContext.Current.CancellationToken));
        foreach (var name in Issuers.Names)
        {
            using var file = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(portal.DataDirectory, "pki", $"{name}.pem"), TestContext.Current.CancellationToken));
            Assert.Equal(rows[$"authority:{name}"].Der, file.RawData);
            Assert.True(name == Issuers.Root || Orders.ChainsUp(portal, file, Issuers.Root));
        }

        Assert.Empty(Directory.GetFiles(portal.DataDirectory, "*.part", SearchOption.AllDirectories));
    }
}

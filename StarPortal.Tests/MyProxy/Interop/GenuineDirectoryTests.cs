using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Interop;

/// <summary>Directories to and from Debian's <c>myproxy-server</c>.</summary>
[Trait("Category", "Interop")]
public sealed class GenuineDirectoryTests
{
    private static readonly Actor Operator = Actor.System("test");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_IsServedByTheGenuineServer()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        await GenuineServer.MakeSiteAsync(folder, [.. portal.Get<CertificateAuthority>().ChainOf(Issuers.People).Select(authority => authority.ExportCertificatePem())]);
        var (ada, bob) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name)); // One key as it is written here, the other as it came.
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put("/O=a/CN=b", name: ".night"), key);

        await portal.Get<RepositoryExport>().ExportAsync(folder["store"], Operator, Ct);

        await using var server = await GenuineServer.StartAsync(folder, folder["store"]);
        foreach (var (user, arguments) in new[] { (ada.Actor.Name, Array.Empty<string>()), (bob.Actor.Name, []), ("/O=a/CN=b", ["-k", ".night"]) })
            Assert.Contains("BEGIN CERTIFICATE", await server.LogOnAsync(user, Clients.Passphrase, arguments), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-des3")]
    [InlineData("-aes256")]
    public async Task Import_TakesOverWhatTheGenuineToolStored(string cipher)
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        await GenuineServer.MakeSiteAsync(folder);
        await LoadAsync(folder, cipher, "-l '/O=StarGrid/CN=Bob' -k night -t 24");

        var report = await portal.Get<RepositoryImport>().ImportAsync(folder["store"], Operator, Ct);

        Assert.Equal((1, 0), (report.Done, report.Problems.Count));
        await Clients.LogOnAsync(portal, Clients.Get("/O=StarGrid/CN=Bob", "secret of bob", "night"));
        var row = await Clients.RowAsync(portal, "/O=StarGrid/CN=Bob", "night");
        Assert.Equal((StoredKeyForm.Pkcs8, TimeSpan.FromHours(24), "/O=StarGrid/CN=Bob"), (row.KeyForm, row.MaxLifetime, row.Subject)); // Written anew by the first logon.
        await Clients.LogOnAsync(portal, Clients.Get("/O=StarGrid/CN=Bob", "secret of bob", "night"));
    }

    [Fact]
    public async Task ImportedCredential_IsServedByTheGenuineServerAgain_WithItsKeyAsItWas()
    {
        await using var portal = await Clients.StartAsync();
        using var folder = new TestFolder();
        await GenuineServer.MakeSiteAsync(folder);
        await LoadAsync(folder, "-des3", "-l bob");
        await portal.Get<RepositoryImport>().ImportAsync(folder["store"], Operator, Ct);

        await portal.Get<RepositoryExport>().ExportAsync(folder["copy"], Operator, Ct);

        Assert.Contains("DEK-Info: DES-EDE3-CBC", await File.ReadAllTextAsync(folder["copy", "bob.creds"], Ct), StringComparison.Ordinal);
        await using var server = await GenuineServer.StartAsync(folder, folder["copy"]);
        Assert.Contains("BEGIN CERTIFICATE", await server.LogOnAsync("bob", "secret of bob"), StringComparison.Ordinal);
    }

    /// <summary>By the genuine administration tool, which gives itself the rights of the directory's owner.</summary>
    private static async Task LoadAsync(TestFolder folder, string cipher, string arguments)
    {
        await GenuineServer.CertifyAsync(folder, "bob", "Bob", "basicConstraints=CA:FALSE", "keyUsage=digitalSignature,keyEncipherment", "extendedKeyUsage=clientAuth");
        await GenuineServer.RunAsync(folder, $"openssl rsa -traditional {cipher} -in bob.key -out bob.enc -passout 'pass:secret of bob'");
        await GenuineServer.RunAsync(folder, "mkdir -m 700 store && chmod 711 . && chmod 644 bob.pem bob.enc && { [ $(id -u) -ne 0 ] || chown myproxy store; }");
        await GenuineServer.RunAsync(folder, $"myproxy-admin-load-credential -s \"$PWD/store\" -c bob.pem -y bob.enc {arguments}");
    }
}

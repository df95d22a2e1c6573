using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>
/// The real portal with a DNS server that says what a test tells it, for all tests with ACME clients. Names below <see cref="Waived"/> need no challenge; every name
/// is at 127.0.0.1.
/// </summary>
public sealed class AcmeWorld : IAsyncLifetime
{
    public const string Waived = "waived.example.org";

    private ChallengeServer dns = null!;

    public PortalApplication Portal { get; private set; } = null!;

    public ChallengeServer Dns => dns;

    /// <summary>Where http-01 is asked instead of port 80.</summary>
    public int HttpPort { get; private set; }

    /// <summary>Where tls-alpn-01 is asked instead of port 443.</summary>
    public int TlsPort { get; private set; }

    public string DirectoryUrl => $"{Portal.BaseUrl}acme/directory";

    /// <summary>PEM.</summary>
    public string RootFile => Path.Combine(Portal.DataDirectory, "pki", "root.pem");

    /// <summary>What makes clients trust our root, and hooks find the DNS server.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["REQUESTS_CA_BUNDLE"] = RootFile, ["LEGO_CA_CERTIFICATES"] = RootFile, ["LC_ALL"] = "C.UTF-8", ["CHALLTESTSRV"] = $"{dns.ManagementUrl}",
        ["EXEC_PATH"] = DnsHook, ["EXEC_POLLING_INTERVAL"] = "1", ["EXEC_PROPAGATION_TIMEOUT"] = "10", ["EXEC_SEQUENCE_INTERVAL"] = "1",
    };

    public static string DnsHook => Path.Combine(AppContext.BaseDirectory, "Interop", "acme_dns_hook.py");

    public async ValueTask InitializeAsync()
    {
        dns = await ChallengeServer.StartAsync();
        var ports = FreePorts.Take(2);
        (HttpPort, TlsPort) = (ports[0], ports[1]);
        Portal = await PortalApplication.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Acme:DnsServers:0"] = $"127.0.0.1:{dns.DnsPort}", ["Acme:AllowPrivateAddresses"] = "true", ["Acme:Http01Port"] = $"{HttpPort}", ["Acme:TlsAlpn01Port"] = $"{TlsPort}",
            ["Acme:Namespaces:0:Suffix"] = Waived, ["Acme:Namespaces:0:Challenge"] = "waived", ["Acme:RateLimits:Enabled"] = "false", ["Acme:ValidationRetryDelay"] = "00:00:00.2",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Portal is not null) await Portal.DisposeAsync();
        if (dns is not null) await dns.DisposeAsync();
    }

    /// <summary>A client that does as it is told, beside the genuine ones.</summary>
    internal AcmeClient NewClient(TestKey? key = null) => new(Portal.Client, key);

    internal async Task<AcmeClient> NewAccountAsync(TestKey? key = null)
    {
        var client = NewClient(key);
        Assert.Equal(201, (int)(await client.RegisterAsync()).Status);
        return client;
    }

    /// <summary>A credential for external account binding, as an officer would make it.</summary>
    /// <returns>Key id and MAC key, as clients take them.</returns>
    public async Task<(string KeyId, string MacKey)> AddCredentialAsync(params string[] allowed)
    {
        var macKey = RandomNumberGenerator.GetBytes(32);
        var keyId = $"key-{Guid.NewGuid():N}";
        var serverKey = new ServerKey(Options.Create(new AuthorityOptions()), Options.Create(new PortalOptions { DataDirectory = Portal.DataDirectory }));
        await using var db = Portal.NewDb();
        var owner = await db.Users.Select(user => user.Id).FirstAsync(TestContext.Current.CancellationToken);
        db.ExternalAccountKeys.Add(ExternalAccountKey.Create(
            new NewExternalAccountKey("Interop", owner) { AllowedIdentifiers = allowed }, keyId, serverKey.Seal(ExternalAccountBindings.PurposeOf(keyId), macKey), Actor.System("test"), TimeProvider.System.GetUtcNow()));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return (keyId, System.Buffers.Text.Base64Url.EncodeToString(macKey));
    }

    /// <summary>OpenSSL has nothing to say against it as a server's certificate for this host.</summary>
    /// <param name="certificate">PEM; what follows the first certificate is not looked at.</param>
    /// <param name="issuers">PEM.</param>
    public Task RequireTrustedAsync(string certificate, string issuers, string host) =>
        Tool.MustRunAsync("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", host, "-CAfile", RootFile, "-untrusted", issuers, certificate);

    /// <summary>What OCSP says, asked where the certificate names: such as <c>good</c> or <c>revoked</c> with a reason.</summary>
    public async Task<string> AskStatusAsync(string certificate, string issuers)
    {
        var url = (await Tool.MustRunAsync("openssl", "x509", "-in", certificate, "-noout", "-ocsp_uri")).Trim();
        return await Tool.MustRunAsync("openssl", "ocsp", "-issuer", issuers, "-cert", certificate, "-url", url, "-CAfile", RootFile, "-no_nonce");
    }
}

/// <summary>Tests that share one <see cref="AcmeWorld"/>, one after the other: they share its ports too.</summary>
[CollectionDefinition(nameof(AcmeWorld))]
public sealed class AcmeWorldTests : ICollectionFixture<AcmeWorld>;

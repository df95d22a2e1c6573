using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Tests.Interop;

/// <summary>What people do with certbot, done with it.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class CertbotTests(AcmeWorld world) : IDisposable
{
    private readonly Certbot certbot = new(world);

    public void Dispose() => certbot.Dispose();

    [Fact]
    public async Task Account_IsRegisteredShownUpdatedAndUnregistered()
    {
        await certbot.RegisterAsync();
        await certbot.RunAsync("update_account", "--no-eff-email", "-m", "other@example.org");
        Assert.Contains("other@example.org", await certbot.RunAsync("show_account"), StringComparison.Ordinal);
        Assert.Contains("deactivated", await certbot.RunAsync("unregister"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_IsIssuedByHttp01_RenewedAndRevokedByTheAccount()
    {
        const string Name = "http.certbot.example.org";
        await certbot.RegisterAsync();
        await certbot.IssueByHttpAsync([Name]);
        await world.RequireTrustedAsync(certbot.CertificateOf(Name), certbot.IssuersOf(Name), Name);
        var first = SerialOf(Name);

        await certbot.RunAsync("renew", "--force-renewal", "--no-random-sleep-on-renew", "--http-01-port", $"{world.HttpPort}");
        Assert.NotEqual(first, SerialOf(Name));
        await world.RequireTrustedAsync(certbot.CertificateOf(Name), certbot.IssuersOf(Name), Name);

        Assert.Contains(": good", await StatusOfAsync(Name), StringComparison.Ordinal);
        await certbot.RunAsync("revoke", "--cert-path", certbot.CertificateOf(Name), "--reason", "superseded", "--no-delete-after-revoke");
        var status = await StatusOfAsync(Name);
        Assert.Contains(": revoked", status, StringComparison.Ordinal);
        Assert.Contains("Reason: superseded", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wildcard_IsIssuedByDns01_AndRevokedByItsKey()
    {
        const string Name = "dns.certbot.example.org";
        await certbot.RegisterAsync();
        await certbot.IssueByDnsAsync([Name, $"*.{Name}"], "--key-type", "ecdsa", "--elliptic-curve", "secp384r1");
        await world.RequireTrustedAsync(certbot.CertificateOf(Name), certbot.IssuersOf(Name), $"any.{Name}");
        await world.RequireTrustedAsync(certbot.CertificateOf(Name), certbot.IssuersOf(Name), Name);

        await certbot.RunAsync("revoke", "--cert-path", certbot.CertificateOf(Name), "--key-path", certbot.KeyOf(Name), "--reason", "keycompromise", "--no-delete-after-revoke");
        var status = await StatusOfAsync(Name);
        Assert.Contains("Reason: keyCompromise", status, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa", "--rsa-key-size", "2048", "Public-Key: (2048 bit)")]
    [InlineData("rsa", "--rsa-key-size", "3072", "Public-Key: (3072 bit)")]
    [InlineData("ecdsa", "--elliptic-curve", "secp256r1", "ASN1 OID: prime256v1")]
    [InlineData("ecdsa", "--elliptic-curve", "secp521r1", "ASN1 OID: secp521r1")]
    public async Task Certificate_OfSeveralNames_HasTheKeyThatIsWished(string type, string option, string size, string key)
    {
        string[] names = [.. Enumerable.Range(0, 5).Select(number => $"n{number}.{type}{size}.certbot.example.org")];
        await certbot.RegisterAsync();
        await certbot.IssueByHttpAsync(names, "--key-type", type, option, size);
        var text = await Support.Tool.MustRunAsync("openssl", "x509", "-in", certbot.CertificateOf(names[0]), "-noout", "-text");
        Assert.Contains(key, text, StringComparison.Ordinal);
        foreach (var name in names) await world.RequireTrustedAsync(certbot.CertificateOf(names[0]), certbot.IssuersOf(names[0]), name);
    }

    /// <summary>RFC 8555 7.4.1: nothing listens where http-01 would be asked.</summary>
    [Fact]
    public async Task Certificate_IsIssuedAtOnce_InAWaivedNamespace()
    {
        const string Name = $"certbot.{AcmeWorld.Waived}";
        await certbot.RegisterAsync();
        await certbot.RunAsync("certonly", "--manual", "--manual-auth-hook", "/bin/false", "-d", Name, "-d", $"*.{Name}");
        await world.RequireTrustedAsync(certbot.CertificateOf(Name), certbot.IssuersOf(Name), $"x.{Name}");
    }

    [Fact]
    public async Task Account_IsBound_ByEab_AndOrdersWhatItAllows()
    {
        const string Name = "eab.certbot.example.org";
        var (keyId, macKey) = await world.AddCredentialAsync(Name);
        await certbot.RegisterAsync("--eab-kid", keyId, "--eab-hmac-key", macKey);
        await certbot.IssueByHttpAsync([Name]);
        await world.RequireTrustedAsync(certbot.CertificateOf(Name), certbot.IssuersOf(Name), Name);

        var refused = await certbot.TryAsync("certonly", "--standalone", "--http-01-port", $"{world.HttpPort}", "-d", "other.example.org");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("does not allow other.example.org. Ask for one that does at", certbot.Log, StringComparison.Ordinal);
    }

    /// <summary>RFC 8555 7.4: what is asked for and not certified here is refused, not left out.</summary>
    [Fact]
    public async Task MustStaple_IsRefused()
    {
        await certbot.RegisterAsync();
        Assert.Equal(1, (await certbot.TryAsync("certonly", "--manual", "--manual-auth-hook", "/bin/false", "-d", $"staple.{AcmeWorld.Waived}", "--must-staple")).ExitCode);
        Assert.Contains("urn:ietf:params:acme:error:badCSR", certbot.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_IsRefused_WithAWrongMacKey()
    {
        var (keyId, _) = await world.AddCredentialAsync();
        var (_, macKey) = await world.AddCredentialAsync();
        var refused = await certbot.TryAsync("register", "--agree-tos", "-m", "admin@example.org", "--eab-kid", keyId, "--eab-hmac-key", macKey);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("externalAccountBinding is refused", refused.Output, StringComparison.Ordinal);
    }

    /// <summary>RFC 8555 8.2: what the validator found is what the person reads.</summary>
    [Fact]
    public async Task Failure_IsToldInPlainWords()
    {
        await certbot.RegisterAsync();
        var failed = await certbot.TryAsync("certonly", "--manual", "--preferred-challenges", "dns", "--manual-auth-hook", "/bin/true", "-d", "failing.certbot.example.org");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("_acme-challenge.failing.certbot.example.org", failed.Output, StringComparison.Ordinal);
    }

    private string SerialOf(string name) => X509CertificateLoader.LoadCertificateFromFile(certbot.CertificateOf(name)).SerialNumber;

    private Task<string> StatusOfAsync(string name) => world.AskStatusAsync(certbot.CertificateOf(name), certbot.IssuersOf(name));
}

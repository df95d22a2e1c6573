using System.Security.Cryptography.X509Certificates;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>What people do with lego, done with it.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class LegoTests(AcmeWorld world) : IDisposable
{
    private readonly Lego lego = new(world);

    public void Dispose() => lego.Dispose();

    [Fact]
    public async Task Certificate_IsIssuedByHttp01_RenewedAndRevoked()
    {
        const string Name = "http.lego.example.org";
        await lego.RunAsync(["--domains", Name, .. lego.ByHttp], "run");
        await world.RequireTrustedAsync(lego.CertificateOf(Name), lego.IssuersOf(Name), Name);
        var first = SerialOf(Name);

        await lego.RunAsync(["--domains", Name, .. lego.ByHttp], "renew", "--days", "10000", "--no-random-sleep");
        Assert.NotEqual(first, SerialOf(Name));
        Assert.Contains(": good", await StatusOfAsync(Name), StringComparison.Ordinal);

        await lego.RunAsync(["--domains", Name], "revoke", "--keep", "--reason", "5");
        var status = await StatusOfAsync(Name);
        Assert.Contains(": revoked", status, StringComparison.Ordinal);
        Assert.Contains("Reason: cessationOfOperation", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_IsIssuedByTlsAlpn01()
    {
        const string Name = "tls.lego.example.org";
        await lego.RunAsync(["--domains", Name, "--domains", $"second.{Name}", .. lego.ByTls], "run");
        await world.RequireTrustedAsync(lego.CertificateOf(Name), lego.IssuersOf(Name), $"second.{Name}");
    }

    [Fact]
    public async Task Wildcard_IsIssuedByDns01()
    {
        const string Name = "dns.lego.example.org";
        await lego.RunAsync(["--domains", $"*.{Name}", "--domains", Name, .. lego.ByDns], "run");
        await world.RequireTrustedAsync(lego.CertificateOf($"*.{Name}"), lego.IssuersOf($"*.{Name}"), $"any.{Name}");
        await world.RequireTrustedAsync(lego.CertificateOf($"*.{Name}"), lego.IssuersOf($"*.{Name}"), Name);
    }

    [Theory]
    [InlineData("rsa2048", "Public-Key: (2048 bit)")]
    [InlineData("rsa4096", "Public-Key: (4096 bit)")]
    [InlineData("ec256", "ASN1 OID: prime256v1")]
    [InlineData("ec384", "ASN1 OID: secp384r1")]
    public async Task Certificate_HasTheKeyThatIsWished(string type, string key)
    {
        var name = $"{type}.lego.{AcmeWorld.Waived}";
        await lego.RunAsync(["--domains", name, "--domains", $"b.{name}", "--domains", $"c.{name}", "--key-type", type, .. lego.ByHttp], "run");
        var text = await Tool.MustRunAsync("openssl", "x509", "-in", lego.CertificateOf(name), "-noout", "-text");
        Assert.Contains(key, text, StringComparison.Ordinal);
        await world.RequireTrustedAsync(lego.CertificateOf(name), lego.IssuersOf(name), $"c.{name}");
    }

    /// <summary>A request made elsewhere: only what it says is certified.</summary>
    [Fact]
    public async Task Certificate_IsIssued_ForARequestOfAnotherProgram()
    {
        const string Name = $"csr.lego.{AcmeWorld.Waived}";
        using var folder = new TestFolder();
        await Tool.MustRunAsync("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", folder["key.pem"], "-out", folder["csr.pem"], "-subj", $"/CN={Name}", "-addext", $"subjectAltName=DNS:{Name}");
        await lego.RunAsync(["--csr", folder["csr.pem"], .. lego.ByHttp], "run");
        await world.RequireTrustedAsync(lego.CertificateOf(Name), lego.IssuersOf(Name), Name);
    }

    [Fact]
    public async Task Account_IsBound_ByEab()
    {
        const string Name = "eab.lego.example.org";
        var (keyId, macKey) = await world.AddCredentialAsync(Name);
        await lego.RunAsync(["--eab", "--kid", keyId, "--hmac", macKey, "--domains", Name, .. lego.ByHttp], "run");
        await world.RequireTrustedAsync(lego.CertificateOf(Name), lego.IssuersOf(Name), Name);
    }

    /// <summary>RFC 8659: the owner of the name lets somebody else issue.</summary>
    [Fact]
    public async Task Certificate_IsRefused_WhereCaaNamesAnotherCa()
    {
        const string Name = "caa.lego.example.org";
        await world.Dns.SetCaaAsync(Name, "issue", "other-ca.example");
        var refused = await lego.TryAsync(["--domains", Name, .. lego.ByHttp], "run");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("urn:ietf:params:acme:error:caa", refused.Output, StringComparison.Ordinal);
    }

    private string SerialOf(string name) => X509CertificateLoader.LoadCertificateFromFile(lego.CertificateOf(name)).SerialNumber;

    private Task<string> StatusOfAsync(string name) => world.AskStatusAsync(lego.CertificateOf(name), lego.IssuersOf(name));
}

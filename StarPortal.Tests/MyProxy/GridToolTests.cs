using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

/// <summary>What OpenSSL and the Globus tools say to our names, proxies and trust roots.</summary>
[Trait("Category", "Interop")]
public sealed class GridToolTests
{
    [Theory]
    [MemberData(nameof(OddNames.Keys), MemberType = typeof(OddNames))]
    public async Task Name_IsWrittenAndHashed_AsOpenSslDoes(string key)
    {
        using var folder = new TestFolder();
        var name = OddNames.All[key];
        using var certificate = new CertificateRequest(name, GridCa.Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(GridCa.Now, GridCa.Now.AddDays(1));
        await File.WriteAllBytesAsync(folder["name.der"], certificate.RawData, TestContext.Current.CancellationToken);
        var theirs = await Tool.MustRunAsync("openssl", "x509", "-inform", "der", "-in", folder["name.der"], "-noout", "-subject", "-nameopt", "compat", "-subject_hash");
        Assert.Equal($"subject={OneLineName.Of(name.RawData)}\n{CanonicalName.HashOf(name.RawData)}\n", theirs);
    }

    [Fact]
    public async Task Attributes_AreCalled_AsOpenSslCallsThem()
    {
        var objects = await Tool.MustRunAsync("openssl", "list", "-objects");
        var names = objects.Split('\n').Select(line => line.Trim().Split(" = ")).Where(pair => pair.Length == 2).Select(pair => (Name: pair[0], Oid: pair[1].Split(", ")[^1]))
            .Where(pair => pair.Oid.StartsWith("2.5.4.", StringComparison.Ordinal) || pair.Oid.StartsWith("0.9.2342.19200300.100.1.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, pair => Assert.Equal(pair.Name, AttributeShortNames.Of(pair.Oid)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Proxy_IsAcceptedByOpenSslAndGlobus(bool isElliptic, bool isLimited)
    {
        using var folder = new TestFolder();
        using var bob = GridCa.Person(key: isElliptic ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null);
        var proxy = GridCa.Issue(bob, clientIsLimited: isLimited, asked: TimeSpan.FromHours(12));
        await WriteProxyAsync(folder, proxy, bob.Chain);

        Assert.Contains("OK", await VerifyAsync(folder), StringComparison.Ordinal);
        var info = await Tool.MustRunAsync("grid-proxy-info", "-file", folder["proxy.pem"]);
        Assert.Contains($"RFC 3820 compliant {(isLimited ? "limited" : "impersonation")} proxy", info, StringComparison.Ordinal);
        Assert.Contains("identity : /O=StarGrid/OU=People/CN=Bob Badger\n", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_OfAStoredProxy_IsAcceptedByOpenSsl()
    {
        using var folder = new TestFolder();
        using var bob = GridCa.Person();
        using var stored = GridCa.ProxyOf(bob, pathLength: 1);
        await WriteProxyAsync(folder, GridCa.Issue(stored), stored.Chain);
        Assert.Contains("OK", await VerifyAsync(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrustRoots_LetGlobusMakeAndVerifyAProxy_OfAPersonOfOurs()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await TrustScene.StartAsync(portal);
        var made = await scene.RunAsync("grid-proxy-init", "-verify", "-rfc", "-bits", "2048", "-out", scene["proxy.pem"]);
        Assert.Contains("Proxy Verify OK", made.Require("grid-proxy-init"), StringComparison.Ordinal);
        Assert.Contains("/DC=org/DC=starportal/O=Example Lab/CN=Zoe Miller 0001", made.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrustRoots_MakeGlobusRefuseAPerson_WhoseCertificateIsRevoked()
    {
        await using var portal = await TestPortal.StartAsync();
        var before = await TrustScene.StartAsync(portal);
        await IssuedFiles.RevokeAsync(portal, before.Person.Certificate);
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        await before.WriteRootsAsync(portal);
        var made = await before.RunAsync("grid-proxy-init", "-verify", "-rfc", "-bits", "2048", "-out", before["proxy.pem"], "-debug");
        Assert.NotEqual(0, made.ExitCode);
        Assert.Contains("revoked", made.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task WriteProxyAsync(TestFolder folder, byte[] proxy, IReadOnlyList<byte[]> chain)
    {
        string Pem(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";
        await File.WriteAllTextAsync(folder["proxy.pem"], Pem(proxy) + GridCa.Key.ExportPkcs8PrivateKeyPem() + "\n" + string.Concat(chain.Select(Pem)), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["chain.pem"], string.Concat(chain.Select(Pem)), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["ca.pem"], GridCa.Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        File.SetUnixFileMode(folder["proxy.pem"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static Task<string> VerifyAsync(TestFolder folder) =>
        Tool.MustRunAsync("openssl", "verify", "-allow_proxy_certs", "-CAfile", folder["ca.pem"], "-untrusted", folder["chain.pem"], folder["proxy.pem"]);
}

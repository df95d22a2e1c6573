using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Keys;

/// <summary>Keys as OpenSSL writes them are opened here, and the other way round.</summary>
[Trait("Category", "Interop")]
public sealed class StoredKeysTests : IDisposable
{
    private const string Passphrase = "grüße an alle";

    private static readonly byte[] Octets = Encoding.UTF8.GetBytes(Passphrase);

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("-des3")]
    [InlineData("-aes128")]
    [InlineData("-aes192")]
    [InlineData("-aes256")]
    public async Task TraditionalKey_Opens(string cipher)
    {
        await MakeRsaAsync();
        await Tool.MustRunAsync("openssl", "rsa", "-traditional", cipher, "-in", folder["plain.pem"], "-out", folder["key.pem"], "-passout", $"pass:{Passphrase}");
        await RequireOpensAsync(StoredKeyForm.TraditionalPem, KeyKind.Rsa);
    }

    [Theory]
    [InlineData("-v2", "aes-256-cbc")]
    [InlineData("-v2", "des3")]
    [InlineData("-v1", "PBE-SHA1-3DES")]
    public async Task Pkcs8Key_Opens(string version, string cipher)
    {
        await MakeRsaAsync();
        await Tool.MustRunAsync("openssl", "pkcs8", "-topk8", version, cipher, "-in", folder["plain.pem"], "-out", folder["key.pem"], "-passout", $"pass:{Passphrase}");
        await RequireOpensAsync(StoredKeyForm.Pkcs8, KeyKind.Rsa);
    }

    [Fact]
    public async Task EllipticKey_Opens()
    {
        await Tool.MustRunAsync("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder["plain.pem"]);
        await Tool.MustRunAsync("openssl", "ec", "-aes256", "-in", folder["plain.pem"], "-out", folder["key.pem"], "-passout", $"pass:{Passphrase}");
        await RequireOpensAsync(StoredKeyForm.TraditionalPem, KeyKind.Ec);
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    [InlineData("pkcs8")]
    public async Task PlainKey_IsRead(string kind)
    {
        if (kind == "ec") await Tool.MustRunAsync("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder["key.pem"]);
        else await Tool.MustRunAsync("openssl", ["genrsa", .. kind == "rsa" ? (string[])["-traditional"] : [], "-out", folder["key.pem"], "2048"]);
        var key = StoredKeys.Read(PemPart.ReadAll(await File.ReadAllTextAsync(folder["key.pem"], TestContext.Current.CancellationToken)).Last());
        Assert.Equal(StoredKeyForm.Plain, key.Form);
        StoredKeys.Open(key, kind == "ec" ? KeyKind.Ec : KeyKind.Rsa).Dispose();
    }

    [Fact]
    public async Task OwnKey_OpensInOpenSsl()
    {
        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(folder["key.pem"], StoredKeys.ToPem(StoredKeys.Encrypt(rsa, Octets, 1_000)), TestContext.Current.CancellationToken);
        await Tool.MustRunAsync("openssl", "rsa", "-in", folder["key.pem"], "-passin", $"pass:{Passphrase}", "-noout", "-check");
    }

    [Fact]
    public async Task Key_IsRefused_WhenItsDerivationWouldKeepTheServerBusy()
    {
        await MakeRsaAsync();
        await Tool.MustRunAsync("openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", "2000000", "-in", folder["plain.pem"], "-out", folder["key.pem"], "-passout", $"pass:{Passphrase}");
        await RequireRefusedAsync();
    }

    [Fact]
    public async Task Key_IsRefused_WhenItsDerivationIsUnknown()
    {
        await MakeRsaAsync();
        await Tool.MustRunAsync("openssl", "pkcs8", "-topk8", "-scrypt", "-in", folder["plain.pem"], "-out", folder["key.pem"], "-passout", $"pass:{Passphrase}");
        await RequireRefusedAsync();
    }

    [Theory]
    [InlineData("DEK-Info: RC4,00")]
    [InlineData("DEK-Info: AES-512-CBC,00112233445566778899AABBCCDDEEFF")]
    public void Key_IsRefused_WhenItsCipherIsUnknown(string header)
    {
        var part = PemPart.ReadAll($"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n{header}\n\nAAAA\n-----END RSA PRIVATE KEY-----\n")[0];
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<ServiceException>(() => StoredKeys.Read(part)).Kind);
    }

    [Theory]
    [InlineData("DEK-Info: AES-256-CBC,zz")]
    [InlineData("DEK-Info: AES-256-CBC,00")]
    [InlineData("DEK-Info: DES-EDE3-CBC,0011223344556677")]
    public void DamagedKey_DoesNotOpen(string header)
    {
        var pem = Encoding.ASCII.GetBytes($"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n{header}\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        Assert.Null(StoredKeys.TryOpen(new StoredKey(StoredKeyForm.TraditionalPem, pem), KeyKind.Rsa, Octets));
    }

    private Task MakeRsaAsync() => Tool.MustRunAsync("openssl", "genrsa", "-out", folder["plain.pem"], "2048");

    private async Task RequireOpensAsync(StoredKeyForm form, KeyKind kind)
    {
        var key = StoredKeys.Read(PemPart.ReadAll(await File.ReadAllTextAsync(folder["key.pem"], TestContext.Current.CancellationToken))[0]);
        Assert.Equal(form, key.Form);
        using var open = StoredKeys.TryOpen(key, kind, Octets);
        Assert.NotNull(open);
        Assert.Null(StoredKeys.TryOpen(key, kind, "something else"u8));
        await File.WriteAllTextAsync(folder["public.pem"], open.ExportSubjectPublicKeyInfoPem() + "\n", TestContext.Current.CancellationToken);
        Assert.Equal(await Tool.MustRunAsync("openssl", "pkey", "-in", folder["plain.pem"], "-pubout"), await Tool.MustRunAsync("openssl", "pkey", "-pubin", "-in", folder["public.pem"], "-pubout"));
    }

    private async Task RequireRefusedAsync()
    {
        var part = PemPart.ReadAll(await File.ReadAllTextAsync(folder["key.pem"], TestContext.Current.CancellationToken))[0];
        Assert.Equal("Credentials are not valid.\nThe key is encrypted in a way that this server does not open.", Assert.Throws<ServiceException>(() => StoredKeys.Read(part)).Message);
    }
}

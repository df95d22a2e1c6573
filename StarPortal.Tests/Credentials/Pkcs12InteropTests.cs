using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

/// <summary>What is downloaded opens in programs that we have not written.</summary>
[Trait("Category", "Interop")]
public sealed class Pkcs12InteropTests
{
    private const string Unicode = "Grüße vom Gradient 12 łódź";

    public static TheoryData<DownloadUse, string> Files => new()
    {
        { DownloadUse.Firefox, CertifiedPerson.Passphrase },
        { DownloadUse.Apple, CertifiedPerson.Passphrase },
        { DownloadUse.Firefox, Unicode },
        { DownloadUse.Older, Unicode },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task OpenSsl_OpensIt_WithoutItsLegacyProvider(DownloadUse use, string passphrase)
    {
        using var folder = new TestFolder();
        var file = await DownloadAsync(folder, use, passphrase);

        var text = await Tool.MustRunAsync("openssl", "pkcs12", "-in", file, "-passin", $"pass:{passphrase}", "-nodes", "-info");

        Assert.Equal(3, text.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.Contains("BEGIN PRIVATE KEY", text, StringComparison.Ordinal);
        Assert.Contains(use is DownloadUse.Firefox ? "PBES2, PBKDF2, AES-256-CBC" : "pbeWithSHA1And3-KeyTripleDES-CBC", text, StringComparison.Ordinal);
        var spoken = text.Split('\n').Where(line => line.Contains(' ', StringComparison.Ordinal)); // not the base64 lines, in which any three characters may stand
        Assert.DoesNotContain(spoken, line => line.Contains("RC2", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Nss_ImportsKeyAndCertificate(DownloadUse use, string passphrase)
    {
        using var folder = new TestFolder();
        var file = await DownloadAsync(folder, use, passphrase);
        Directory.CreateDirectory(folder["nss"]);
        await Tool.MustRunAsync("certutil", "-N", "-d", $"sql:{folder["nss"]}", "--empty-password");

        await Tool.MustRunAsync("pk12util", "-i", file, "-d", $"sql:{folder["nss"]}", "-W", passphrase);

        Assert.Contains("Ada Lovelace", await Tool.MustRunAsync("certutil", "-K", "-d", $"sql:{folder["nss"]}"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task GnuTls_OpensIt(DownloadUse use, string passphrase)
    {
        using var folder = new TestFolder();
        var file = await DownloadAsync(folder, use, passphrase);

        var text = await Tool.MustRunAsync("certtool", "--p12-info", "--inder", "--infile", file, "--password", passphrase);

        Assert.Equal(3, text.Split("BEGIN CERTIFICATE").Length - 1);
        Assert.Contains("PKCS #8 Encrypted key", text, StringComparison.Ordinal);
        Assert.DoesNotContain("failed", text, StringComparison.OrdinalIgnoreCase); // As in "The Message Authentication Code verification failed."
    }

    [Fact]
    public async Task OpenSsl_ReadsThePemBundle_AndItsKeyFitsItsCertificate()
    {
        using var folder = new TestFolder();
        var file = await DownloadAsync(folder, DownloadUse.CommandLine, CertifiedPerson.Passphrase);

        var ofKey = await Tool.MustRunAsync("openssl", "pkey", "-in", file, "-passin", $"pass:{CertifiedPerson.Passphrase}", "-pubout");
        var ofCertificate = await Tool.MustRunAsync("openssl", "x509", "-in", file, "-noout", "-pubkey");

        Assert.Equal(ofCertificate, ofKey);
        Assert.Contains("ENCRYPTED PRIVATE KEY", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<string> DownloadAsync(TestFolder folder, DownloadUse use, string passphrase)
    {
        await using var portal = await TestPortal.StartAsync();
        var person = await CertifiedPerson.AddAsync(portal, ProtectedKeys.Make(KeyAlgorithm.Rsa2048, passphrase));
        var file = await portal.Get<DownloadService>().GetKeyAsync(person.Certificate.SerialNumber, use, passphrase, person.Actor, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder[file.Name], file.Content, TestContext.Current.CancellationToken);
        return folder[file.Name];
    }
}

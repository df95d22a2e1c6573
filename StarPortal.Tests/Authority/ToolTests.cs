using StarPortal.Core.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

/// <summary>What OpenSSL, GnuTLS and NSS say about our certificates, CRLs and OCSP answers.</summary>
[Trait("Category", "Interop")]
public sealed class ToolTests
{
    public static TheoryData<string> Profiles => [IssuanceProfiles.Person, IssuanceProfiles.Officer, IssuanceProfiles.Host, IssuanceProfiles.Star];

    [Theory, MemberData(nameof(Profiles))]
    public async Task Certificate_IsAcceptedByOpenSsl_WhenCheckedStrictlyWithCrls(string profile)
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, OrderFor(portal, profile));
        var crls = await files.WriteCrlsAsync(portal);

        await Tool.MustRunAsync("openssl", "verify", "-x509_strict", "-policy_check", "-crl_check_all", "-CRLfile", crls,
            "-purpose", IsHost(profile) ? "sslserver" : "sslclient", "-CAfile", files.Root, "-untrusted", files.Issuing, files.Leaf);
    }

    [Theory, MemberData(nameof(Profiles))]
    public async Task Certificate_IsAcceptedByGnuTls_WhenTheChainIsVerified(string profile)
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, OrderFor(portal, profile));
        var output = await Tool.MustRunAsync("certtool", "--verify-chain", "--infile", files.Chain);
        Assert.Contains("Chain verification output: Verified", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Profiles))]
    public async Task Certificate_IsAcceptedByNss_WhenTheRootIsTrusted(string profile)
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, OrderFor(portal, profile));
        var database = $"sql:{Directory.CreateDirectory(Path.Combine(files.Folder, "nss")).FullName}";
        await Tool.MustRunAsync("certutil", "-N", "-d", database, "--empty-password");
        await Tool.MustRunAsync("certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", files.Root);
        await Tool.MustRunAsync("certutil", "-A", "-d", database, "-n", "issuing", "-t", ",,", "-i", files.Issuing);
        await Tool.MustRunAsync("certutil", "-A", "-d", database, "-n", "leaf", "-t", ",,", "-i", files.Leaf);

        var output = await Tool.MustRunAsync("certutil", "-V", "-d", database, "-n", "leaf", "-e", "-u", IsHost(profile) ? "V" : "C");
        Assert.Contains("certificate is valid", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crl_RefusesTheCertificateInOpenSsl_WhenItWasRevoked()
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        await IssuedFiles.RevokeAsync(portal, files.Certificate);
        var crls = await files.WriteCrlsAsync(portal);

        var (exitCode, output) = await Tool.RunAsync("openssl", "verify", "-crl_check", "-CRLfile", crls, "-CAfile", files.Root, "-untrusted", files.Issuing, files.Leaf);
        Assert.Equal(2, exitCode);
        Assert.Contains("certificate revoked", output, StringComparison.Ordinal);
        var text = await Tool.MustRunAsync("openssl", "crl", "-in", crls, "-noout", "-text", "-CAfile", files.Issuing);
        Assert.Contains("Key Compromise", text, StringComparison.Ordinal);
        Assert.Contains("verify OK", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IssuanceProfiles.Person, "-sha1")]
    [InlineData(IssuanceProfiles.Person, "-sha256")]
    [InlineData(IssuanceProfiles.Host, "-sha256")]
    public async Task Ocsp_SaysGoodThenRevoked_WhenOpenSslAsksWithANonce(string profile, string hash)
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        var files = await IssuedFiles.IssueAsync(portal, OrderFor(portal, profile));

        Assert.Contains($"{files.Leaf}: good", await AskAsync(pki, files, hash, "-cert", files.Leaf), StringComparison.Ordinal);
        await IssuedFiles.RevokeAsync(portal, files.Certificate, RevocationReason.CessationOfOperation);
        var revoked = await AskAsync(pki, files, hash, "-cert", files.Leaf);
        Assert.Contains($"{files.Leaf}: revoked", revoked, StringComparison.Ordinal);
        Assert.Contains("Reason: cessationOfOperation", revoked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ocsp_SaysUnknown_WhenOpenSslAsksAboutASerialThatWasNeverGivenOut()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        Assert.Contains("0x1234567890: unknown", await AskAsync(pki, files, "-sha1", "-serial", "0x1234567890"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ocsp_AnswersBoth_WhenOpenSslAsksAboutTwoAtOnce()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        var (first, second) = (await IssuedFiles.IssueAsync(portal, Orders.Person(portal)), await IssuedFiles.IssueAsync(portal, Orders.Person(portal, "Ada Lovelace", Orders.MakeKey(KeyAlgorithm.Rsa2048))));
        await IssuedFiles.RevokeAsync(portal, second.Certificate);

        var output = await AskAsync(pki, first, "-sha1", "-cert", first.Leaf, "-cert", second.Leaf);
        Assert.Contains($"{first.Leaf}: good", output, StringComparison.Ordinal);
        Assert.Contains($"{second.Leaf}: revoked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ocsp_SaysGoodAboutTheIssuingCa_WhenOpenSslAsksTheRootsSigner()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        var output = await Tool.MustRunAsync("openssl", "ocsp", "-url", $"{pki.Url}pki/ocsp", "-issuer", files.Root, "-cert", files.Issuing, "-CAfile", files.Root);
        Assert.Contains("Response verify OK", output, StringComparison.Ordinal);
        Assert.Contains($"{files.Issuing}: good", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateText_SaysWhatOpenSslSays_WhenACertificateIsRendered()
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        var theirs = (await Tool.MustRunAsync("openssl", "x509", "-in", files.Leaf, "-noout", "-text")).Split('\n').Select(line => line.Trim()).ToHashSet();
        var ours = CertificateText.Render(files.Certificate.Der).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim());

        // Ours writes names root first with spaces, dates in ISO 8601, the hash of the key, and the key identifier's and the modulus's octets on other line breaks.
        string[] different = ["Issuer:", "Subject:", "Not Before:", "Not After", "SHA-256 of the key", "keyid:"];
        var missing = ours.Where(line => !theirs.Contains(line) && !different.Any(prefix => line.StartsWith(prefix, StringComparison.Ordinal)) && !line.All(character => char.IsAsciiHexDigit(character) || character == ':'));
        Assert.Empty(missing);
    }

    private static async Task<string> AskAsync(PkiListener pki, IssuedFiles files, string hash, params string[] questions)
    {
        var output = await Tool.MustRunAsync("openssl", ["ocsp", hash, "-url", $"{pki.Url}pki/ocsp", "-issuer", files.Issuing, "-CAfile", files.Root, "-verify_other", files.Issuing, .. questions]);
        Assert.Contains("Response verify OK", output, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING: no nonce", output, StringComparison.Ordinal);
        return output;
    }

    private static bool IsHost(string profile) => profile is IssuanceProfiles.Host or IssuanceProfiles.Star;

    private static IssuanceOrder OrderFor(TestPortal portal, string profile) => IsHost(profile)
        ? Orders.Host(portal, "www.example.org", "example.org") with { Profile = profile }
        : Orders.Person(portal, key: Orders.MakeKey(KeyAlgorithm.Rsa3072)) with { Profile = profile };
}

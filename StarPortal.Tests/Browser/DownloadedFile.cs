using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>The PKCS#12 file that a person has downloaded, beside what the portal publishes: what OpenSSL, GnuTLS and NSS say of it.</summary>
internal sealed class DownloadedFile(TestFolder folder, PortalApplication portal)
{
    private string Leaf => folder["me.pem"];

    private string Issuing => folder["people.pem"];

    private string Root => folder["root.pem"];

    public async Task UnpackAsync(byte[] pkcs12, string passphrase)
    {
        await File.WriteAllBytesAsync(folder["certificate.p12"], pkcs12, TestContext.Current.CancellationToken);
        await Tool.MustRunAsync("openssl", "pkcs12", "-in", folder["certificate.p12"], "-clcerts", "-nokeys", "-out", Leaf, "-passin", $"pass:{passphrase}");
        await FetchAsync("pki/root.pem", Root);
        await FetchAsync("pki/people.cer", folder["people.cer"]);
        await Tool.MustRunAsync("openssl", "x509", "-inform", "der", "-in", folder["people.cer"], "-out", Issuing);
    }

    public Task RequireOpenSslAcceptsAsync() => Tool.MustRunAsync("openssl", "verify", "-x509_strict", "-CAfile", Root, "-untrusted", Issuing, Leaf);

    public async Task RequireGnuTlsAcceptsAsync()
    {
        string[] chain = [await ReadAsync(Leaf), await ReadAsync(Issuing), await ReadAsync(Root)];
        await File.WriteAllTextAsync(folder["chain.pem"], string.Concat(chain), TestContext.Current.CancellationToken);
        Assert.Contains("Chain verification output: Verified", await Tool.MustRunAsync("certtool", "--verify-chain", "--infile", folder["chain.pem"]), StringComparison.Ordinal);
    }

    public async Task RequireNssAcceptsAsync()
    {
        var database = $"sql:{Directory.CreateDirectory(folder["nss"]).FullName}";
        await Tool.MustRunAsync("certutil", "-N", "-d", database, "--empty-password");
        foreach (var (name, trust, file) in ((string, string, string)[])[("root", "CT,C,C", Root), ("people", ",,", Issuing), ("me", ",,", Leaf)])
            await Tool.MustRunAsync("certutil", "-A", "-d", database, "-n", name, "-t", trust, "-i", file);
        Assert.Contains("certificate is valid", await Tool.MustRunAsync("certutil", "-V", "-d", database, "-n", "me", "-e", "-u", "C"), StringComparison.Ordinal);
    }

    /// <returns><c>good</c> or <c>revoked</c> and the rest of what <c>openssl ocsp</c> prints.</returns>
    public async Task<string> AskOcspAsync()
    {
        var answer = await Tool.MustRunAsync("openssl", "ocsp", "-issuer", Issuing, "-cert", Leaf, "-url", $"{portal.PkiUrl}pki/ocsp", "-CAfile", Root);
        return answer[(answer.IndexOf($"{Leaf}: ", StringComparison.Ordinal) + Leaf.Length + 2)..];
    }

    /// <summary>The published CRL, in OpenSSL's words about this certificate.</summary>
    public async Task<Tool> VerifyWithCrlAsync()
    {
        await FetchAsync("pki/crl/people.crl", folder["people.crl"]);
        return await Tool.RunAsync("openssl", "verify", "-crl_check", "-CRLfile", folder["people.crl"], "-CAfile", Root, "-untrusted", Issuing, Leaf);
    }

    private async Task FetchAsync(string path, string file)
    {
        using var client = new HttpClient();
        await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync(new Uri(portal.PkiUrl, path), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
}

using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>The commands of docs/star.md, with docs/star-order.sh, curl and openssl as an administrator has them.</summary>
[Trait("Category", "Interop")]
public sealed class StarScriptTests : IAsyncLifetime
{
    private const string Name = "www.lab.example.org";

    private readonly TestFolder folder = new();
    private readonly int lookupPort = FreePorts.Take(1)[0];
    private PortalApplication portal = null!;

    private string RootFile => Path.Combine(portal.DataDirectory, "pki", "root.pem");

    public async ValueTask InitializeAsync() => portal = await PortalApplication.StartAsync(new Dictionary<string, string>
    {
        ["Portal:Demo"] = "false", ["Star:LookupPort"] = $"{lookupPort}", ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived",
    });

    public async ValueTask DisposeAsync()
    {
        if (portal is not null) await portal.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Order_IsPlacedFetchedAndCanceled()
    {
        var placed = await ScriptAsync("order", Name, folder["www.key"], "86400", "2592000");
        Assert.Contains("\"lifetime\":86400,\"lifetime-adjust\":43200,\"allow-certificate-get\":true", placed, StringComparison.Ordinal);
        var (order, star) = (placed.Split('\n')[0]["order: ".Length..], Between(placed, "\"star-certificate\":\"", "\""));
        Assert.Contains("\"status\":\"valid\"", await ScriptAsync("show", order), StringComparison.Ordinal);

        var headers = await CurlAsync("-I", star);
        var tag = Between(headers, "ETag: ", "\r", StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Cert-Not-After: ", headers, StringComparison.OrdinalIgnoreCase);
        await CurlAsync("-o", folder["www.pem"], star);
        await Tool.MustRunAsync("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", Name, "-CAfile", RootFile, "-untrusted", folder["www.pem"], folder["www.pem"]);
        Assert.Equal("304", await CurlAsync("-o", "/dev/null", "-w", "%{http_code}", "-H", $"If-None-Match: {tag}", star));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", await ScriptAsync("get", star), StringComparison.Ordinal);

        Assert.Contains("autoRenewalRevocationNotSupported", await ScriptAsync("revoke", folder["www.pem"]), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"canceled\"", await ScriptAsync("cancel", order), StringComparison.Ordinal);
        Assert.Contains("autoRenewalCanceled", await CurlAsync(star), StringComparison.Ordinal);
        Assert.Contains("autoRenewalCancellationInvalid", await ScriptAsync("cancel", order), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draft_IsFollowedFromTheSerialNumberToTheCertificate()
    {
        var placed = await ScriptAsync("draft", Name, folder["www.key"], "604800", "2592000");
        Assert.Contains("\"recurrent\":true", placed, StringComparison.Ordinal);
        await CurlAsync("-o", folder["www.pem"], Between(placed, "\"star-certificate\":\"", "\""));
        var serial = (await Tool.MustRunAsync("openssl", "x509", "-in", folder["www.pem"], "-noout", "-serial")).Trim()["serial=".Length..];

        var uri = await CurlAsync($"https://localhost:{lookupPort}/{serial}");
        Assert.Equal(await File.ReadAllTextAsync(folder["www.pem"], TestContext.Current.CancellationToken), await CurlAsync(uri));
        Assert.Equal(await CurlAsync(uri), await CurlAsync($"https://localhost:{lookupPort}/{uri}"));
        Assert.Contains($"\"renewal-uri\":\"{uri}\"", await CurlAsync("-H", "Accept: application/json", $"https://localhost:{lookupPort}/{serial}"), StringComparison.Ordinal);
    }

    private async Task<string> ScriptAsync(params string[] arguments) =>
        (await Tool.RunAsync("bash", new Dictionary<string, string> { ["SERVER"] = $"{portal.BaseUrl}acme/directory", ["CACERT"] = RootFile, ["ACCOUNT"] = folder["account.key"] },
            [Repository.PathOf("docs", "star-order.sh"), .. arguments])).Require($"star-order.sh {string.Join(' ', arguments)}");

    private Task<string> CurlAsync(params string[] arguments) => Tool.MustRunAsync("curl", ["-sS", "--cacert", RootFile, .. arguments]);

    private static string Between(string text, string before, string after, StringComparison how = StringComparison.Ordinal)
    {
        var start = text.IndexOf(before, how) + before.Length;
        Assert.True(start >= before.Length, $"No '{before}' in {text}");
        return text[start..text.IndexOf(after, start, how)];
    }
}

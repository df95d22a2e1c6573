using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>docs/delegation-demo.sh with docs/delegation.sh and docs/delegation-acme.sh: two portals and pebble as processes, curl and openssl as a consumer has them.</summary>
[Trait("Category", "Interop")]
public sealed class DelegationScriptTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WholePicture_RunsFromTheOwnersSetUpToTheCancellation()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/pebble"), "No other CA: install pebble, as ./test.sh does.");
        string[] names = ["PROXY_PORT", "PROXY_HTTP_PORT", "CA_PORT", "CA_HTTP_PORT", "PEBBLE_PORT", "PEBBLE_MANAGEMENT_PORT", "DNS_PORT", "DNS_MANAGEMENT_PORT"];
        var environment = names.Zip(FreePorts.Take(names.Length), (name, port) => (name, port: $"{port}")).ToDictionary(pair => pair.name, pair => pair.port, StringComparer.Ordinal);
        environment["STARPORTAL"] = $"dotnet {Repository.WebProgram}";
        var said = (await Tool.RunAsync("bash", environment, [Repository.PathOf("docs", "delegation-demo.sh"), folder["demo"]])).Require("delegation-demo.sh");

        Assert.Contains("one.pem: OK", said, StringComparison.Ordinal);
        Assert.Contains("two.pem: OK", said, StringComparison.Ordinal);
        Assert.Contains("three.pem: OK", said, StringComparison.Ordinal); // By RFC 9115.
        Assert.Equal(2, said.Split("Canceled. The last certificate ends at ").Length - 1);
        Assert.Equal(2, said.Split("autoRenewalCanceled").Length - 1);
        Assert.Contains("== done\n", said, StringComparison.Ordinal);
    }
}

using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>The commands of docs/delegation.md as they stand there, in a folder that has the portal's <c>var</c>; only the port is that of this run.</summary>
[Trait("Category", "Interop")]
public sealed class DelegationGuideTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private PortalApplication portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal = await PortalApplication.StartAsync();
        Directory.CreateSymbolicLink(folder["var"], portal.DataDirectory);
        Directory.CreateSymbolicLink(folder["docs"], Repository.PathOf("docs"));
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Registration_IsMadeFetchedAndCanceled()
    {
        var said = await RunAsync(Guide.Blocks("delegation.md", "## Five minutes to a delegated certificate", "sh"));
        Assert.Contains("\"status\":\"pending\",\"lifetime\":365,\"validity\":24}", said, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"valid\",\"lifetime\":365,\"validity\":24,\"certificates\":\"", said, StringComparison.Ordinal);
        Assert.Contains("www.pem: OK", said, StringComparison.Ordinal);
        Assert.Contains("Canceled. The last certificate ends at ", said, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"failed\",\"reason\":\"The owner of the names canceled it.\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consumer_IsServedByTheVerb_AndByRfc9115()
    {
        var five = Guide.Blocks("delegation.md", "## Five minutes to a delegated certificate", "sh");
        var said = await RunAsync([.. five.Take(2), .. Guide.Blocks("delegation.md", "## The consumer's machine", "sh"), .. Guide.Blocks("delegation.md", "## RFC 9115", "sh")]);
        Assert.Contains("fetched", said, StringComparison.Ordinal);
        Assert.Contains("\"csr-template\":{\"keyTypes\":[{\"PublicKeyType\":\"id-ecPublicKey\"", said, StringComparison.Ordinal);
        Assert.Contains("\"star-certificate\":\"", said, StringComparison.Ordinal);
        foreach (var file in new[] { folder["tls", "www.pem"], folder["edge.pem"] })
            Assert.Contains("OK", await Tool.MustRunAsync("openssl", "verify", "-CAfile", Path.Combine(portal.DataDirectory, "pki", "root.pem"), "-untrusted", file, "-verify_hostname", "www.example.org", file), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(IEnumerable<string> blocks)
    {
        var commands = string.Concat(blocks).Replace("localhost:8443", portal.BaseUrl.Authority, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["guide.sh"], $$"""
            set -euo pipefail
            cd "{{folder.FullPath}}"
            mkdir -p tls
            starportal() { dotnet "{{Repository.WebProgram}}" "$@" $([ "$1" = star ] || echo "$SETTINGS"); }
            {{commands}}
            """, Ct);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SETTINGS"] = $"--Portal:DataDirectory={portal.DataDirectory} --Portal:PublicUrl={portal.BaseUrl}", ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        return (await Tool.RunAsync("bash", environment, [folder["guide.sh"]])).Require("the commands of docs/delegation.md");
    }
}

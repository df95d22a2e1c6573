using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Registry;
using StarPortal.Tests.Registry;
using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>The commands of docs/registry.md as they stand there, in a folder that has the portal's <c>var</c>; only the port is that of this run.</summary>
[Trait("Category", "Interop")]
public sealed class RegistryGuideTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private OutsideServer outside = null!;
    private PortalApplication portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        outside = await OutsideServer.StartAsync();
        Dictionary<string, string> settings = new(LinkFixture.Settings, StringComparer.Ordinal);
        foreach (var (name, value) in outside.Settings(folder)) settings[name] = value!;
        portal = await PortalApplication.StartAsync(settings);
        Directory.CreateSymbolicLink(folder["var"], portal.DataDirectory);
        using var scene = await RequestScene.AskAndConfirmAsync(portal, "ada");
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));
        await scene.DecideAsync(officer, "approve");
        await portal.WaitForMailAsync(scene.Email, "/account/certificates/");
        await File.WriteAllTextAsync(folder["registry-token"], await GrantAsync() + "\n", Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await outside.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Machine_AsksByCurl_AndKeepsItsGridMapfile()
    {
        var said = await RunAsync(Guide.Blocks("registry.md", "## What a machine asks", "sh"));

        Assert.Contains("\"user\":\"ada\",\"dn\":\"/DC=org/DC=starportal/", said, StringComparison.Ordinal);
        Assert.Contains("\"allowed\":true,\"user\":\"ada\",\"account\":\"lovelace\"", said, StringComparison.Ordinal);
        Assert.Contains("\"dn\":\"/O=Grid/CN=Somebody Else\",\"allowed\":false}", said, StringComparison.Ordinal);
        Assert.Contains("\n304\n", said, StringComparison.Ordinal);
        Assert.Contains("grid-mapfile is new.", said, StringComparison.Ordinal);
        Assert.Contains("grid-mapfile is up to date.", said, StringComparison.Ordinal);
        Assert.Matches("^\"/DC=org/DC=starportal/.*CN=Ada Lovelace[^\"]*\" lovelace\n$", await File.ReadAllTextAsync(folder["grid-mapfile"], Ct));
    }

    [Fact]
    public async Task OutsideRegistry_ChecksTheSignatureByOpenSsl()
    {
        await portal.WaitUntilQuietAsync();
        await File.WriteAllTextAsync(folder["signature"], outside.Last.Signature + "\n", Ct);
        await File.WriteAllBytesAsync(folder["body.json"], outside.Last.Body, Ct);

        var lines = (await RunAsync(Guide.Blocks("registry.md", "## The outside registry", "sh"))).TrimEnd().Split('\n');

        Assert.Equal((2, 64, lines[1]), (lines.Length, lines[0].Length, lines[0]));
    }

    [Fact]
    public async Task Export_LeavesTheFileInPlace_WhenItFails()
    {
        await File.WriteAllTextAsync(folder["grid-mapfile"], "the old one", Ct);
        await File.WriteAllTextAsync(folder["wrong-token"], "wrong", Ct);
        string[] good = ["registry", "export-gridmap", "transp", "--portal", portal.BaseUrl.ToString(), "--token-file", folder["registry-token"], "--out", folder["grid-mapfile"], "--ca-file", folder["var", "pki", "root.pem"]];
        foreach (var (place, with, code) in new[] { (6, folder["wrong-token"], 1), (2, "mdsplus", 1), (4, "https://localhost:1", 1), (2, "../etc", 2), (4, "http://portal.example.org", 2), (8, "/no/such/folder/file", 2), (6, "/no/such/file", 2) })
        {
            string[] wrong = [.. good];
            wrong[place] = with;
            var ran = await Tool.RunAsync("dotnet", new Dictionary<string, string>(StringComparer.Ordinal), [Repository.WebProgram, .. wrong]);
            Assert.Equal((code, "the old one"), (ran.ExitCode, await File.ReadAllTextAsync(folder["grid-mapfile"], Ct)));
            Assert.Matches("^starportal: [^\n]+\n$", ran.Output);
        }
    }

    /// <returns>A token of the resource, as its owner's page shows it.</returns>
    private async Task<string> GrantAsync()
    {
        using var owner = new PlainBrowser(portal);
        await owner.SignInAsync(portal.PersonaOf("owner"));
        await using var db = portal.NewDb();
        var page = $"/registry/resources/{await db.RegistryResources.Where(row => row.Name == "transp").Select(row => row.Id).SingleAsync(Ct)}";
        await owner.SendAsync(page, "grant", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Person"] = "ada", ["Input.Account"] = "lovelace" });
        var shown = await owner.SendAsync(page, "add-token", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Label"] = "login1" });
        return shown.Document.QuerySelector(".notice .copyable code")!.TextContent;
    }

    private async Task<string> RunAsync(IEnumerable<string> blocks)
    {
        var commands = string.Concat(blocks).Replace("localhost:8443", portal.BaseUrl.Authority, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["guide.sh"], $$"""
            set -euo pipefail
            cd "{{folder.FullPath}}"
            starportal() { dotnet "{{Repository.WebProgram}}" "$@"; }
            {{commands}}
            """, Ct);
        return (await Tool.RunAsync("bash", new Dictionary<string, string>(StringComparer.Ordinal), [folder["guide.sh"]])).Require("the commands of docs/registry.md");
    }
}

using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Registry;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>The pages over HTTP, without scripts, on what the demo made.</summary>
[Trait("Category", "Unit")]
public sealed class RegistryPagesTests : IAsyncLifetime
{
    private PortalApplication portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => portal = await PortalApplication.StartAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Access_IsAskedForGrantedAndEnded()
    {
        using var owner = await SignInAsync("owner");
        using var officer = await SignInAsync("officer");
        var (transp, request) = await FindAsync();
        Assert.Contains("done=asked", (await officer.SendAsync("/registry", $"ask-{transp}", Values(("Input.Reason", "To look after it")))).Address.Query, StringComparison.Ordinal);
        var page = await owner.OpenAsync($"/registry/resources/{transp}");
        Assert.Contains("2 requests wait for you", page.Text, StringComparison.Ordinal);
        Assert.Contains("Runs for my thesis on transport barriers.", page.Text, StringComparison.Ordinal);

        var refused = await owner.SendAsync($"/registry/resources/{transp}", $"grant-{request}", Values(("Input.Account", "root")));
        Assert.Equal("true", refused.Document.QuerySelector($"#Account-{request}")?.GetAttribute("aria-invalid"));
        Assert.Contains("done=granted", (await owner.SendAsync($"/registry/resources/{transp}", $"grant-{request}", Values(("Input.Account", "sam"), ("Input.Until", "2099-12-31")))).Address.Query, StringComparison.Ordinal);
        await using var db = portal.NewDb();
        var permission = await db.AccessGrants.SingleAsync(row => row.ResourceId == transp, Ct);
        Assert.Equal(("sam", new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)), (permission.Account, permission.Until));
        Assert.Contains("done=revoked", (await owner.SendAsync($"/registry/resources/{transp}", $"revoke-{permission.Id}")).Address.Query, StringComparison.Ordinal);
        var other = await db.AccessRequests.SingleAsync(row => row.ResourceId == transp && row.Status == AccessRequestStatus.Waiting, Ct);
        Assert.Contains("done=refused", (await owner.SendAsync($"/registry/resources/{transp}", $"refuse-{other.Id}", Values(("Input.Answer", "No <room>")))).Address.Query, StringComparison.Ordinal);
        Assert.Contains("No <room>", (await officer.OpenAsync("/registry")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_IsMadeGivenAwayAndClosed_ByAdministrators()
    {
        using var administrator = await SignInAsync("administrator");
        var wrong = await administrator.SendAsync("/admin/registry/resources", "new-resource", Values(("Input.Name", "No good"), ("Input.Owner", "officer")));
        Assert.Equal("No good", wrong.Document.QuerySelector("#Name")?.GetAttribute("value"));
        var made = await administrator.SendAsync("/admin/registry/resources", "new-resource", Values(("Input.Name", "storage"), ("Input.Owner", "officer"), ("Input.HasGridMapfile", "true")));
        var address = made.Address.AbsolutePath;
        Assert.StartsWith("/registry/resources/", address, StringComparison.Ordinal);
        await administrator.SendAsync(address, "add-owner", Values(("Ownership.Owner", "owner")));
        await administrator.SendAsync(address, "change-resource", Values(("Change.Description", "Disks"), ("Change.SharedAccount", "disk")));

        using var officer = await SignInAsync("officer");
        var page = await officer.OpenAsync(address);
        Assert.Contains("Disks", page.Text, StringComparison.Ordinal);
        Assert.Null(page.FindForm("close-resource"));
        var shown = await officer.SendAsync(address, "add-token", Values(("Input.Label", "login1")));
        Assert.Contains("It is not shown again.", shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not shown again", (await officer.OpenAsync(address)).Text, StringComparison.Ordinal);
        Assert.Contains("done=closed", (await administrator.SendAsync(address, "close-resource")).Address.Query, StringComparison.Ordinal);
        Assert.Null((await officer.OpenAsync(address)).FindForm("grant"));
    }

    [Fact]
    public async Task Group_IsMadeFilledGrantedAndRemoved()
    {
        using var owner = await SignInAsync("owner");
        var group = (await owner.SendAsync("/registry/groups/new", "new-group", Values(("Input.Name", "visitors")))).Address.AbsolutePath;
        await owner.SendAsync(group, "add-member", Values(("Input.Person", "subscriber")));
        var (transp, _) = await FindAsync();
        await owner.SendAsync($"/registry/resources/{transp}", "grant-group", Values(("Input.Group", group.Split('/')[^1])));
        var page = await owner.OpenAsync(group);
        Assert.Contains("Sam Rivera", page.Text, StringComparison.Ordinal);
        Assert.Contains("Its members may use: transp.", page.Text, StringComparison.Ordinal);
        Assert.Contains("done=removed", (await owner.SendAsync(group, "remove-group")).Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_OfOthers_AreNotFound()
    {
        using var subscriber = await SignInAsync("subscriber");
        var (transp, _) = await FindAsync();
        await using var db = portal.NewDb();
        var group = await db.RegistryGroups.Select(row => row.Id).SingleAsync(Ct);
        foreach (var path in new[] { $"/registry/resources/{transp}", $"/registry/groups/{group}", $"/registry/resources/{Guid.NewGuid()}", $"/registry/groups/{Guid.NewGuid()}" })
            Assert.Equal(HttpStatusCode.NotFound, (await subscriber.OpenAsync(path)).Status);
        foreach (var path in new[] { "/admin/registry", "/admin/registry/resources", "/admin/registry/outside" })
            Assert.Equal("Not for this account", (await subscriber.OpenAsync(path)).Document.QuerySelector("h1")?.TextContent);
        Assert.Contains("Groups are made by those who own a resource", (await subscriber.SendAsync("/registry/groups/new", "new-group", Values(("Input.Name", "mine")))).Text, StringComparison.Ordinal);
        using var stranger = new PlainBrowser(portal);
        Assert.Equal("/account/sign-in", (await stranger.OpenAsync("/registry")).Address.AbsolutePath);
    }

    private async Task<(Guid Resource, Guid Request)> FindAsync()
    {
        await using var db = portal.NewDb();
        var resource = await db.RegistryResources.Where(row => row.Name == "transp").Select(row => row.Id).SingleAsync(Ct);
        return (resource, await db.AccessRequests.Where(row => row.ResourceId == resource).OrderBy(row => row.AskedAt).Select(row => row.Id).FirstAsync(Ct));
    }

    private async Task<PlainBrowser> SignInAsync(string persona)
    {
        var browser = new PlainBrowser(portal);
        await browser.SignInAsync(portal.PersonaOf(persona));
        return browser;
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}

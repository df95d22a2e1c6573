using System.Net;
using StarPortal.Tests.Support;
using StarPortal.Web.Components.Pages.MyProxy;

namespace StarPortal.Tests.MyProxy.Pages;

/// <summary>MyProxy's pages over HTTP, without scripts.</summary>
[Trait("Category", "Unit")]
public sealed class MyProxyPagesTests(MyProxyPagesFixture fixture) : IClassFixture<MyProxyPagesFixture>
{
    [Theory]
    [InlineData("/admin/myproxy")]
    [InlineData("/admin/myproxy/server")]
    [InlineData("/admin/myproxy/mirror")]
    public async Task Administration_IsForAdministratorsOnly(string path)
    {
        foreach (var role in new[] { "owner", "subscriber", "officer", "administrator" })
        {
            using var browser = await SignedInAsync(role);
            var isRefused = (await browser.OpenAsync(path)).Document.QuerySelector("h1")?.TextContent == "Not for this account";
            Assert.True(isRefused != (role == "administrator"), role);
        }

        using var stranger = new PlainBrowser(fixture.Portal);
        Assert.Equal("/account/sign-in", (await stranger.OpenAsync(path)).Address.AbsolutePath);
    }

    [Fact]
    public async Task Holder_FindsTheCredentialAndTheCommands_AndOthersDoNot()
    {
        var id = await fixture.StoreAsync("subscriber", "subscriber", credentialName: "first");
        using var holder = await SignedInAsync("subscriber");
        Assert.NotNull((await holder.OpenAsync("/account")).Document.QuerySelector($"a[href='/account/myproxy/{id}']"));
        var page = await holder.OpenAsync($"/account/myproxy/{id}");
        Assert.Contains("192.0.2.17", page.Text, StringComparison.Ordinal);
        Assert.Contains(page.Document.QuerySelectorAll("pre"), block => block.TextContent == $"myproxy-logon -s localhost -p {fixture.Portal.MyProxyPort} -l subscriber -k first -b -T");

        using var other = await SignedInAsync("owner");
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync($"/account/myproxy/{id}")).Status);
        Assert.DoesNotContain($"{id}", (await other.OpenAsync("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Holder_LocksUnlocksAndRemoves_ByPostsAlone()
    {
        var id = await fixture.StoreAsync("subscriber", "subscriber", credentialName: "second");
        using var holder = await SignedInAsync("subscriber");
        Assert.NotNull((await holder.SendAsync($"/account/myproxy/{id}", "lock", Values(("Input.Message", " ")))).Document.QuerySelector("#Message-error"));
        Assert.Null((await fixture.FindAsync(id))!.LockMessage);

        Assert.Contains("lost my laptop", (await holder.SendAsync($"/account/myproxy/{id}", "lock", Values(("Input.Message", "lost my laptop")))).Text, StringComparison.Ordinal);
        Assert.Equal("lost my laptop", (await fixture.FindAsync(id))!.LockMessage);
        await holder.SendAsync($"/account/myproxy/{id}", "unlock");
        Assert.Null((await fixture.FindAsync(id))!.LockMessage);
        Assert.Contains("Removed from MyProxy", (await holder.SendAsync($"/account/myproxy/{id}", "remove")).Text, StringComparison.Ordinal);
        Assert.Null(await fixture.FindAsync(id));
    }

    [Fact]
    public async Task Removal_WithoutItsTokenOrFromSomebodyElse_DoesNothing()
    {
        var id = await fixture.StoreAsync("subscriber", "subscriber", credentialName: "third");
        using var holder = await SignedInAsync("subscriber");
        var form = PlainBrowser.Fill(await holder.OpenAsync($"/account/myproxy/{id}"), "remove");
        Assert.Equal(HttpStatusCode.BadRequest, (await holder.SendAsync(form with { Values = [.. form.Values.Where(value => value.Key != "__RequestVerificationToken")] })).Status);
        using var other = await SignedInAsync("owner");
        Assert.NotEqual(HttpStatusCode.OK, (await other.SendAsync(form)).Status);
        Assert.NotNull(await fixture.FindAsync(id));
    }

    [Fact]
    public async Task Administrator_FindsAndLocks_WhatItsHolderCannotUnlockThen()
    {
        var id = await fixture.StoreAsync("subscriber", "subscriber", credentialName: "fourth");
        using var administrator = await SignedInAsync("administrator");
        var address = $"/admin/myproxy/credentials/{id}";
        Assert.NotNull((await administrator.OpenAsync("/admin/myproxy?q=SUBSCR&state=Usable&days=")).Document.QuerySelector($"tbody a[href='{address}']"));
        Assert.Contains("It is locked", (await administrator.SendAsync(address, "lock", Values(("Input.Message", "under suspicion")))).Text, StringComparison.Ordinal);
        Assert.Contains("MyProxyLocked", (await administrator.OpenAsync($"/admin/audit?about=myproxy/{id}")).Text, StringComparison.Ordinal);

        using var holder = await SignedInAsync("subscriber");
        var page = await holder.OpenAsync($"/account/myproxy/{id}");
        Assert.Contains("under suspicion", page.Text, StringComparison.Ordinal);
        Assert.Null(page.FindForm("unlock"));
        await administrator.SendAsync(address, "remove");
        Assert.Null(await fixture.FindAsync(id));
    }

    [Theory]
    [InlineData("/admin/myproxy?page=-3&days=99999999&state=Nonsense&q=nobody-like-this", HttpStatusCode.OK)]
    [InlineData("/admin/myproxy/credentials/11111111-1111-1111-1111-111111111111", HttpStatusCode.NotFound)]
    [InlineData("/account/myproxy/11111111-1111-1111-1111-111111111111", HttpStatusCode.NotFound)]
    [InlineData("/account/myproxy/none", HttpStatusCode.NotFound)]
    public async Task WhatDoesNotExist_IsSaidSo(string path, HttpStatusCode status)
    {
        using var browser = await SignedInAsync("administrator");
        Assert.Equal(status, (await browser.OpenAsync(path)).Status);
    }

    [Fact]
    public async Task HostileNames_AreText_InPagesAndCommands()
    {
        const string name = "<script>x</script>'; rm -rf ~ #";
        var id = await fixture.StoreAsync(name, "subscriber");
        using var holder = await SignedInAsync("subscriber");
        var page = await holder.OpenAsync($"/account/myproxy/{id}");
        Assert.DoesNotContain(page.Document.QuerySelectorAll("main script"), script => script.TextContent == "x");
        Assert.Contains(page.Document.QuerySelectorAll("pre"), block => block.TextContent.Contains(@" -l '<script>x</script>'\''; rm -rf ~ #' -b", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bob", "bob")]
    [InlineData("bob@example.org", "bob@example.org")]
    [InlineData("-b", "'-b'")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("$(reboot)", "'$(reboot)'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("Zoë", "'Zoë'")]
    public void Word_IsQuoted_WhenAShellCouldReadItAsMore(string word, string expected) => Assert.Equal(expected, MyProxyCommands.Quote(word));

    [Fact]
    public async Task ServerPage_ShowsPoliciesAndTrustRoots()
    {
        using var administrator = await SignedInAsync("administrator");
        var page = await administrator.OpenAsync("/admin/myproxy/server");
        Assert.Contains("/DC=org/DC=starportal/*", page.Text, StringComparison.Ordinal);
        Assert.Equal(9, page.Document.QuerySelectorAll("#roots ~ ul li").Length);
        Assert.Contains($"port {fixture.Portal.MyProxyPort}", page.Text, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);

    private async Task<PlainBrowser> SignedInAsync(string role)
    {
        var browser = new PlainBrowser(fixture.Portal);
        await browser.SignInAsync(fixture.Portal.PersonaOf(role));
        return browser;
    }
}

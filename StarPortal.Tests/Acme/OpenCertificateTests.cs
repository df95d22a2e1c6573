using System.Text.Json.Nodes;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>A CA that supports delegation lets certificates be fetched by anybody, where that was asked for (RFC 9115 2.3.5, 3).</summary>
[Trait("Category", "Unit")]
public sealed class OpenCertificateTests
{
    private const string Name = "open.lab.example.org";

    [Fact]
    public async Task Directory_SaysThatItIsOffered()
    {
        await using var portal = await StartAsync();
        using var client = new AcmeClient(portal.Client);
        Assert.True((bool)(await client.DirectoryAsync())["meta"]!["allow-certificate-get"]!);
    }

    [Fact]
    public async Task Certificate_IsForAnybody_WhereItWasAskedFor()
    {
        await using var portal = await StartAsync();
        using var client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
        var order = await OrderAsync(client, allowsGet: true);
        Assert.True((bool)order.Json["allow-certificate-get"]!);
        var valid = await client.FinalizeAsync(order, OrderScene.Csr(Name));
        Assert.True((bool)valid.Json["allow-certificate-get"]!);
        var url = (string)valid.Json["certificate"]!;
        var signed = await client.AskAsync(url);
        var (get, head) = (await client.GetAsync(url), await client.GetAsync(url, HttpMethod.Head));
        Assert.Equal((200, "application/pem-certificate-chain", signed.Text), ((int)get.Status, get.MediaType, get.Text));
        Assert.Equal((200, "application/pem-certificate-chain", 0), ((int)head.Status, head.MediaType, head.Body.Length));
        Assert.Equal(200, (int)signed.Status);
        Assert.Equal((405, "malformed"), (await client.GetAsync(order.Location!)).Outcome); // Nothing else is.
    }

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task Certificate_IsForItsAccount_WhereItWasNot(bool? asked)
    {
        await using var portal = await StartAsync();
        using var client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
        var valid = await client.FinalizeAsync(await OrderAsync(client, asked), OrderScene.Csr(Name));
        var url = (string)valid.Json["certificate"]!;
        Assert.NotEqual(true, (bool?)valid.Json["allow-certificate-get"]);
        Assert.Equal((405, "malformed"), (await client.GetAsync(url)).Outcome);
        Assert.Equal(405, (int)(await client.GetAsync(url, HttpMethod.Head)).Status);
        Assert.Equal(200, (int)(await client.AskAsync(url)).Status);
    }

    [Fact]
    public async Task Certificate_OfAnOrderThatHasNone_AndOfNoOrder_AreOneAnswer()
    {
        await using var portal = await StartAsync();
        using var client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
        var order = await OrderAsync(client, allowsGet: true);
        var url = order.Location!.Replace("/order/", "/certificate/", StringComparison.Ordinal);
        Assert.Equal((405, "malformed"), (await client.GetAsync(url)).Outcome);
        Assert.Equal((405, "malformed"), (await client.GetAsync($"{url[..^32]}{Guid.NewGuid():N}")).Outcome);
    }

    [Fact]
    public async Task Flag_ThatIsNone_IsMalformed()
    {
        await using var portal = await StartAsync();
        using var client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
        var order = AcmeClient.OrderOf(Name);
        order["allow-certificate-get"] = "yes";
        Assert.Equal((400, "malformed"), (await client.AskAsync(await client.UrlOfAsync("newOrder"), order)).Outcome);
    }

    private static async Task<AcmeAnswer> OrderAsync(AcmeClient client, bool? allowsGet)
    {
        var order = AcmeClient.OrderOf(Name);
        if (allowsGet is { } asked) order["allow-certificate-get"] = JsonValue.Create(asked);
        return await client.AskAsync(await client.UrlOfAsync("newOrder"), order);
    }

    private static Task<WebPortal> StartAsync() =>
        WebPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived" });
}

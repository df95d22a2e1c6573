using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Interop;

/// <summary>RFC 8555 7.3 as a client sees it over HTTPS.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class AccountConformanceTests(AcmeWorld world)
{
    /// <summary>7.3: "201 (Created) … Location"; "MUST ignore … orders"; "MUST NOT reflect unrecognized fields".</summary>
    [Fact]
    public async Task NewAccount_IsCreated_WithWhatIsKnownAlone()
    {
        using var client = world.NewClient();
        var answer = await client.RegisterAsync(new JsonObject
        {
            ["termsOfServiceAgreed"] = true, ["contact"] = new JsonArray("mailto:one@example.org", "mailto:two@example.org"), ["orders"] = "https://example.org/mine", ["something"] = "new", ["status"] = "revoked",
        });
        Assert.Equal(201, (int)answer.Status);
        Assert.StartsWith($"{world.Portal.BaseUrl}", answer.Location, StringComparison.Ordinal);
        Assert.Equal("valid", answer.Json["status"]!.GetValue<string>());
        Assert.Equal(["mailto:one@example.org", "mailto:two@example.org"], answer.Json["contact"]!.AsArray().Select(contact => contact!.GetValue<string>()));
        Assert.StartsWith(answer.Location!, answer.Json["orders"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(answer.Json.ContainsKey("something"));
    }

    /// <summary>7.3.1: the same key again is 200 with the account's URL; onlyReturnExisting makes none: 400 accountDoesNotExist.</summary>
    [Fact]
    public async Task Account_IsFoundByItsKey()
    {
        using var client = world.NewClient();
        Assert.Equal((400, "accountDoesNotExist"), (await client.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Outcome);
        var created = await client.RegisterAsync();
        var again = await client.RegisterAsync();
        var found = await client.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true });
        Assert.Equal((200, 200), ((int)again.Status, (int)found.Status));
        Assert.Equal((created.Location, created.Location), (again.Location, found.Location));
    }

    /// <summary>7.3: "unsupportedContact"; "invalidContact": hfields, or more than one address.</summary>
    [Theory]
    [InlineData("tel:+12025551212", "unsupportedContact")]
    [InlineData("mailto:a@example.org,b@example.org", "invalidContact")]
    [InlineData("mailto:a@example.org?subject=x", "invalidContact")]
    [InlineData("mailto:", "invalidContact")]
    public async Task Contact_IsRefused(string contact, string problem)
    {
        using var client = world.NewClient();
        Assert.Equal((400, problem), (await client.RegisterAsync(new JsonObject { ["contact"] = new JsonArray(contact) })).Outcome);
    }

    /// <summary>7.3.2: "The server MUST ignore any updates to the orders field … or any other fields it does not recognize."</summary>
    [Fact]
    public async Task Account_IsUpdated()
    {
        using var client = await world.NewAccountAsync();
        var answer = await client.PostAsync(client.AccountUrl!, new JsonObject { ["contact"] = new JsonArray("mailto:new@example.org"), ["orders"] = "https://example.org", ["x"] = 1 });
        Assert.Equal((200, "mailto:new@example.org"), ((int)answer.Status, answer.Json["contact"]![0]!.GetValue<string>()));
        Assert.StartsWith(client.AccountUrl!, answer.Json["orders"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(answer.Json.ContainsKey("x"));
        Assert.Equal((400, "unsupportedContact"), (await client.PostAsync(client.AccountUrl!, new JsonObject { ["contact"] = new JsonArray("xmpp:x") })).Outcome);
        Assert.Empty((await client.PostAsync(client.AccountUrl!, new JsonObject { ["contact"] = new JsonArray() })).Json["contact"]!.AsArray());
    }

    /// <summary>7.3.5: the account and its orders are the new key's; "409 (Conflict) … Location" for a key that another account has.</summary>
    [Fact]
    public async Task Key_IsChanged()
    {
        using var other = await world.NewAccountAsync();
        using var client = await world.NewAccountAsync();
        var order = await client.OrderAsync("keychange.example.org");
        var conflict = await ChangeKeyAsync(client, other.Key);
        Assert.Equal((409, other.AccountUrl), ((int)conflict.Status, conflict.Location));

        using var oldKey = client.Key;
        var newKey = TestKey.Rsa();
        Assert.Equal(200, (int)(await ChangeKeyAsync(client, newKey)).Status);
        Assert.Equal(400, (int)(await client.PostAsync(client.AccountUrl!)).Status);
        client.Key = newKey;
        Assert.Equal("pending", (await client.PostAsync(order.Location!)).Json["status"]!.GetValue<string>());
        using var former = world.NewClient(oldKey);
        Assert.Equal((400, "accountDoesNotExist"), (await former.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Outcome);
    }

    /// <summary>7.3.6: "MUST reject further requests authorized by that account's key … 401 … unauthorized".</summary>
    [Fact]
    public async Task Deactivation_EndsEverything()
    {
        using var client = await world.NewAccountAsync();
        var order = await client.OrderAsync($"ended.{AcmeWorld.Waived}");
        var ended = await client.PostAsync(client.AccountUrl!, new JsonObject { ["status"] = "deactivated" });
        Assert.Equal((200, "deactivated"), ((int)ended.Status, ended.Json["status"]!.GetValue<string>()));
        Assert.Equal((401, "unauthorized"), (await client.PostAsync(client.AccountUrl!)).Outcome);
        Assert.Equal((401, "unauthorized"), (await client.OrderAsync("a.example.org")).Outcome);
        Assert.Equal((401, "unauthorized"), (await client.FinalizeAsync(order, OrderScene.Csr($"ended.{AcmeWorld.Waived}"))).Outcome);
        Assert.Equal((401, "unauthorized"), (await client.RegisterAsync()).Outcome);
    }

    /// <summary>7.1.2.1: "orders"; "Link … next" as long as there are more; each order once.</summary>
    [Fact]
    public async Task OrdersList_HasEveryOrder_PageByPage()
    {
        using var client = await world.NewAccountAsync();
        List<string> placed = [], listed = [];
        for (var number = 0; number < 55; number++) placed.Add((await client.OrderAsync($"n{number}.{AcmeWorld.Waived}")).Location!);
        var pages = 0;
        for (var url = (await client.PostAsync(client.AccountUrl!)).Json["orders"]!.GetValue<string>(); url is not null; pages++)
        {
            var page = await client.PostAsync(url);
            listed.AddRange(page.Json["orders"]!.AsArray().Select(order => order!.GetValue<string>()));
            url = page.LinkOf("next");
        }

        Assert.True(pages > 1);
        Assert.Equal(placed.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    /// <summary>7.3.4: the binding's MAC is over the account's key, and the field is reflected.</summary>
    [Fact]
    public async Task Binding_IsVerifiedAndReflected()
    {
        var (keyId, macKey) = await world.AddCredentialAsync();
        using var client = world.NewClient();
        var binding = await BindAsync(client, client.Key, keyId, macKey);
        var answer = await client.RegisterAsync(new JsonObject { ["externalAccountBinding"] = binding.DeepClone() });
        Assert.Equal((201, binding.ToJsonString()), ((int)answer.Status, answer.Json["externalAccountBinding"]!.ToJsonString()));

        using var thief = world.NewClient();
        Assert.Equal((400, "malformed"), (await thief.RegisterAsync(new JsonObject { ["externalAccountBinding"] = binding.DeepClone() })).Outcome);
    }

    private static async Task<JsonObject> BindAsync(AcmeClient client, TestKey key, string keyId, string macKey) => new TestJws
    {
        Header = new JsonObject { ["alg"] = "HS256", ["kid"] = keyId, ["url"] = await client.UrlOfAsync("newAccount") },
        Payload = Encoding.UTF8.GetBytes(key.Jwk.ToJsonString()),
        Sign = content => System.Security.Cryptography.HMACSHA256.HashData(Base64Url.DecodeFromChars(macKey), content),
    }.ToJson();

    private static async Task<AcmeAnswer> ChangeKeyAsync(AcmeClient client, TestKey newKey)
    {
        var url = await client.UrlOfAsync("keyChange");
        var inner = new TestJws
        {
            Header = new JsonObject { ["alg"] = newKey.Algorithm, ["jwk"] = newKey.Jwk.DeepClone(), ["url"] = url },
            Payload = Encoding.UTF8.GetBytes(new JsonObject { ["account"] = client.AccountUrl, ["oldKey"] = client.Key.Jwk.DeepClone() }.ToJsonString()),
            Sign = content => newKey.Sign(content, newKey.Algorithm),
        };
        return await client.PostAsync(url, inner.ToJson());
    }
}

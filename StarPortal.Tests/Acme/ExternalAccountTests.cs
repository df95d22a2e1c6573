using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 7.3.4: credentials from the portal, and the five checks of a binding.</summary>
[Trait("Category", "Unit")]
public sealed class ExternalAccountTests : IAsyncLifetime
{
    private static readonly Actor Administrator = new(Guid.NewGuid(), "admin", [new ActorGrant(PortalRole.Administrator, null)]) { HasSecondFactor = true };

    private WebPortal portal = null!;
    private Guid owner;

    public async ValueTask InitializeAsync()
    {
        portal = await WebPortal.StartAsync(new Dictionary<string, string?> { ["Acme:ExternalAccountRequired"] = "true" });
        await using var db = portal.NewDb();
        var user = new PortalUser { UserName = "owner", NormalizedUserName = "OWNER", FullName = "Owner", Email = "owner@example.org", NormalizedEmail = "OWNER@EXAMPLE.ORG", SecurityStamp = "x" };
        db.Users.Add(user);
        await db.SaveChangesAsync();
        owner = user.Id;
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task AccountWithoutBinding_IsRefused_NamingThePageToAskOn()
    {
        using var client = new AcmeClient(portal.Client);
        Assert.True((await client.DirectoryAsync())["meta"]!["externalAccountRequired"]!.GetValue<bool>());
        var answer = await client.RegisterAsync();
        Assert.Equal((403, "externalAccountRequired"), answer.Outcome);
        Assert.StartsWith($"{portal.BaseUrl}", answer.Json["instance"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task Binding_OpensAnAccount_ThatBelongsToTheOwner_AndIsReflected(string algorithm)
    {
        var credential = await CreateAsync();
        using var client = new AcmeClient(portal.Client);
        var answer = await BindAsync(client, credential, jws => jws.Header["alg"] = algorithm);

        Assert.Equal(201, (int)answer.Status);
        Assert.Equal(sent!.ToJsonString(), answer.Json["externalAccountBinding"]!.ToJsonString());
        await using var db = portal.NewDb();
        var account = await db.AcmeAccounts.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((owner, credential.Credential.Id), (account.OwnerId, account.ExternalAccountKeyId));
        Assert.Equal(1, (await db.ExternalAccountKeys.SingleAsync(TestContext.Current.CancellationToken)).UseCount);
    }

    private JsonObject? sent;

    private static readonly Dictionary<string, (Action<TestJws> Break, int Status)> Broken = new(StringComparer.Ordinal)
    {
        ["1: unprotected header"] = (jws => jws.Last = json => json["header"] = new JsonObject(), 400),
        ["1: no payload"] = (jws => jws.Last = json => json.Remove("payload"), 400),
        ["2: a signature instead of a MAC"] = (jws => jws.Header["alg"] = "ES256", 400),
        ["2: none"] = (jws => jws.Header["alg"] = "none", 400),
        ["2: no kid"] = (jws => jws.Header.Remove("kid"), 400),
        ["2: a jwk"] = (jws => jws.Header["jwk"] = TestKey.Ec().Jwk, 400),
        ["2: a nonce"] = (jws => jws.Header["nonce"] = "AAAA", 400),
        ["2: another url"] = (jws => jws.Header["url"] = "https://localhost/acme/new-order", 400),
        ["2: no url"] = (jws => jws.Header.Remove("url"), 400),
        ["3: unknown kid"] = (jws => jws.Header["kid"] = "nobody", 401),
        ["4: wrong MAC"] = (jws => jws.Sign = _ => new byte[32], 401),
        ["4: short MAC"] = (jws => jws.Sign = _ => [1], 401),
        ["5: another key"] = (jws => jws.Payload = Encoding.UTF8.GetBytes(TestKey.Ec().Jwk.ToJsonString()), 400),
        ["5: no key"] = (jws => jws.Payload = "{}"u8.ToArray(), 400),
    };

    public static TheoryData<string> Cases => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Binding_IsRefused(string what)
    {
        var credential = await CreateAsync();
        using var client = new AcmeClient(portal.Client);
        var answer = await BindAsync(client, credential, Broken[what].Break);
        Assert.Equal(Broken[what].Status, (int)answer.Status);
        await using var db = portal.NewDb();
        Assert.False(await db.AcmeAccounts.AnyAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, (await db.ExternalAccountKeys.SingleAsync(TestContext.Current.CancellationToken)).UseCount);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("[]")]
    [InlineData("1")]
    public async Task Binding_ThatIsNoObject_IsMalformed(string binding)
    {
        using var client = new AcmeClient(portal.Client);
        var answer = await client.RegisterAsync(new JsonObject { ["externalAccountBinding"] = binding == "text" ? JsonValue.Create("text") : JsonNode.Parse(binding) });
        Assert.Equal((400, "malformed"), answer.Outcome);
    }

    [Fact]
    public async Task Credential_IsUsedUp_ByAsManyAccountsAsItSays()
    {
        var credential = await CreateAsync(wanted => wanted with { MaxUses = 1 });
        using var first = new AcmeClient(portal.Client);
        using var second = new AcmeClient(portal.Client);
        Assert.Equal(201, (int)(await BindAsync(first, credential)).Status);
        Assert.Equal((401, "unauthorized"), (await BindAsync(second, credential)).Outcome);
        Assert.Equal(200, (int)(await BindAsync(first, credential)).Status); // The account is there already.
    }

    [Fact]
    public async Task LastUse_GoesToOneOnly_WhenManyTryAtOnce()
    {
        var credential = await CreateAsync(wanted => wanted with { MaxUses = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => BindAsync(new AcmeClient(portal.Client), credential)));
        Assert.Single(answers, answer => (int)answer.Status == 201);
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AcmeAccounts.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Credential_Expires()
    {
        var credential = await CreateAsync(wanted => wanted with { ExpiresAt = portal.Clock.Now.AddDays(1) });
        portal.Clock.Advance(TimeSpan.FromDays(1));
        using var client = new AcmeClient(portal.Client);
        Assert.Equal((401, "unauthorized"), (await BindAsync(client, credential)).Outcome);
    }

    [Fact]
    public async Task Credential_Revoked_BindsNobody_AndCannotBeRevokedTwice()
    {
        var credential = await CreateAsync();
        var service = portal.Get<ExternalAccountKeyService>();
        await service.RevokeAsync(credential.Credential.Id, Administrator, TestContext.Current.CancellationToken);
        using var client = new AcmeClient(portal.Client);
        Assert.Equal((401, "unauthorized"), (await BindAsync(client, credential)).Outcome);
        await Assert.ThrowsAsync<ServiceException>(() => service.RevokeAsync(credential.Credential.Id, Administrator, TestContext.Current.CancellationToken));
    }

    /// <summary>What a credential grants beside the account: names without challenges, and its profile whether or not clients may choose it.</summary>
    [Fact]
    public async Task Credential_WaivesAndChoosesTheProfile_UntilItIsRevoked()
    {
        var credential = await CreateAsync(wanted => wanted with { AllowedIdentifiers = ["*.eab.example.org"], WaivesChallenges = true, Profile = "star" });
        using var client = new AcmeClient(portal.Client);
        await BindAsync(client, credential);
        var order = await client.OrderAsync("a.eab.example.org");
        Assert.Equal(("ready", "star"), (order.Json["status"]!.GetValue<string>(), order.Json["profile"]!.GetValue<string>()));
        Assert.Equal("rejectedIdentifier", (await client.OrderAsync("a.example.org")).Problem);
        var asked = AcmeClient.OrderOf("a.eab.example.org");
        asked["profile"] = "host";
        Assert.Equal("invalidProfile", (await client.AskAsync(await client.UrlOfAsync("newOrder"), asked)).Problem);
        Assert.Equal("valid", (await client.FinalizeAsync(await client.OrderAsync("b.eab.example.org"), OrderScene.Csr("b.eab.example.org"))).Json["status"]!.GetValue<string>());

        await portal.Get<ExternalAccountKeyService>().RevokeAsync(credential.Credential.Id, Administrator, TestContext.Current.CancellationToken);
        Assert.Equal((403, "unauthorized"), (await client.FinalizeAsync(order, OrderScene.Csr("a.eab.example.org"))).Outcome);
        Assert.Equal((403, "rejectedIdentifier"), (await client.OrderAsync("c.eab.example.org")).Outcome);
    }

    [Fact]
    public async Task MacKey_IsNotInTheDatabase()
    {
        var credential = await CreateAsync();
        await using var db = portal.NewDb();
        var stored = await db.ExternalAccountKeys.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(-1, stored.SealedMacKey.AsSpan().IndexOf(Base64Url.DecodeFromChars(credential.MacKey)));
    }

    [Fact]
    public async Task Credential_IsMadeByOfficersOfTheOrganisationOnly()
    {
        var officer = new Actor(Guid.NewGuid(), "officer", [new ActorGrant(PortalRole.Officer, Guid.NewGuid())]) { HasSecondFactor = true };
        var error = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<ExternalAccountKeyService>().CreateAsync(
            new NewExternalAccountKey("x", owner) { OrganisationId = Guid.NewGuid() }, officer, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.Forbidden, error.Kind);
    }

    [Theory]
    [InlineData("example.org", "example.org", true)]
    [InlineData("example.org", "www.example.org", false)]
    [InlineData("example.org", "*.example.org", false)]
    [InlineData("*.example.org", "www.example.org", true)]
    [InlineData("*.example.org", "a.b.example.org", true)]
    [InlineData("*.example.org", "*.example.org", true)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.example.org", "badexample.org", false)]
    public async Task Credential_CoversWhatItNames(string allowed, string asked, bool isAllowed)
    {
        var credential = await CreateAsync(wanted => wanted with { AllowedIdentifiers = [allowed], WaivesChallenges = true });
        Assert.Equal((isAllowed, isAllowed), (credential.Credential.Allows(AcmeIdentifier.Dns(asked)), credential.Credential.Waives(AcmeIdentifier.Dns(asked))));
    }

    private async Task<IssuedExternalAccountKey> CreateAsync(Func<NewExternalAccountKey, NewExternalAccountKey>? change = null)
    {
        var wanted = new NewExternalAccountKey("Web servers", owner);
        return await portal.Get<ExternalAccountKeyService>().CreateAsync(change?.Invoke(wanted) ?? wanted, Administrator, TestContext.Current.CancellationToken);
    }

    private async Task<AcmeAnswer> BindAsync(AcmeClient client, IssuedExternalAccountKey credential, Action<TestJws>? change = null)
    {
        var macKey = Base64Url.DecodeFromChars(credential.MacKey);
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = credential.Credential.KeyId, ["url"] = await client.UrlOfAsync("newAccount") };
        var jws = new TestJws { Header = header, Payload = Encoding.UTF8.GetBytes(client.Key.Jwk.ToJsonString()), Sign = content => Mac(header, macKey, content) };
        change?.Invoke(jws);
        sent = jws.ToJson();
        return await client.RegisterAsync(new JsonObject { ["externalAccountBinding"] = sent.DeepClone() });
    }

    private static byte[] Mac(JsonObject header, byte[] key, byte[] content) => header["alg"]!.ToString() switch
    {
        "HS384" => HMACSHA384.HashData(key, content),
        "HS512" => HMACSHA512.HashData(key, content),
        _ => HMACSHA256.HashData(key, content),
    };
}

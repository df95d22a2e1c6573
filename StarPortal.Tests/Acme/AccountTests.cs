using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 7.3: opening, finding, changing and ending accounts.</summary>
[Trait("Category", "Unit")]
public sealed class AccountTests(AcmeFixture fixture) : IClassFixture<AcmeFixture>
{
    [Fact]
    public async Task NewAccount_IsCreated_AndSaysWhereItIs()
    {
        using var client = fixture.NewClient();
        var answer = await client.RegisterAsync();

        Assert.Equal(201, (int)answer.Status);
        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal("valid", answer.Json["status"]!.ToString());
        Assert.Equal("mailto:admin@example.org", answer.Json["contact"]!.AsArray().Single()!.ToString());
        Assert.Equal(answer.Location + "/orders", answer.Json["orders"]!.ToString());
        Assert.NotNull(answer.Nonce);
        Assert.Equal(await Task.FromResult($"{fixture.Portal.BaseUrl}acme/directory"), answer.LinkOf("index"));
    }

    [Fact]
    public async Task NewAccount_ReflectsNothingThatItDoesNotKnow()
    {
        using var client = fixture.NewClient();
        var answer = await client.RegisterAsync(new JsonObject
        {
            ["onlyReturnExisting"] = false, ["orders"] = "https://example.org/mine", ["status"] = "deactivated", ["x-colour"] = "red", ["contact"] = new JsonArray(),
        });
        Assert.Equal(201, (int)answer.Status);
        Assert.Equal("valid", answer.Json["status"]!.ToString());
        Assert.False(answer.Json.ContainsKey("x-colour"));
        Assert.False(answer.Json.ContainsKey("onlyReturnExisting"));
        Assert.EndsWith("/orders", answer.Json["orders"]!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"{fixture.Portal.BaseUrl}", answer.Json["orders"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameKeyAgain_FindsTheAccount_AsItWas()
    {
        using var client = await fixture.NewAccountAsync();
        var account = client.AccountUrl;
        var again = await client.RegisterAsync(new JsonObject { ["contact"] = new JsonArray("mailto:other@example.org") });
        Assert.Equal((200, account), ((int)again.Status, again.Location));
        Assert.Equal("mailto:admin@example.org", again.Json["contact"]!.AsArray().Single()!.ToString());
    }

    [Fact]
    public async Task OnlyReturnExisting_MakesNothing()
    {
        using var client = fixture.NewClient();
        Assert.Equal((400, "accountDoesNotExist"), (await client.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Outcome);
        await client.RegisterAsync();
        Assert.Equal(200, (int)(await client.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Status);
    }

    [Fact]
    public async Task SameKeyManyTimesAtOnce_MakesOneAccount()
    {
        using var key = TestKey.Ec();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.NewClient(key).RegisterAsync()));
        Assert.All(answers, answer => Assert.True((int)answer.Status is 200 or 201));
        Assert.Single(answers, answer => (int)answer.Status == 201);
        Assert.Single(answers.Select(answer => answer.Location).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mailto:a@example.org?subject=hello", "invalidContact")]
    [InlineData("mailto:a@example.org,b@example.org", "invalidContact")]
    [InlineData("mailto:", "invalidContact")]
    [InlineData("mailto:nobody", "invalidContact")]
    [InlineData("mailto:a@exa mple.org", "invalidContact")]
    [InlineData("mailto:ü@example.org", "invalidContact")]
    [InlineData("mailto:a%0d%0aBcc:x@example.org", "invalidContact")]
    [InlineData("tel:+3112345", "unsupportedContact")]
    [InlineData("https://example.org/", "unsupportedContact")]
    [InlineData("a@example.org", "unsupportedContact")]
    [InlineData("", "unsupportedContact")]
    public async Task Contact_IsOneMailAddress(string contact, string problem)
    {
        using var client = fixture.NewClient();
        Assert.Equal((400, problem), (await client.RegisterAsync(new JsonObject { ["contact"] = new JsonArray(contact) })).Outcome);
        Assert.Equal((400, "accountDoesNotExist"), (await client.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Outcome);
    }

    [Fact]
    public async Task Contacts_AreFew()
    {
        using var client = fixture.NewClient();
        var contacts = new JsonArray([.. Enumerable.Range(0, 11).Select(number => (JsonNode)$"mailto:a{number}@example.org")]);
        Assert.Equal((400, "invalidContact"), (await client.RegisterAsync(new JsonObject { ["contact"] = contacts })).Outcome);
    }

    [Fact]
    public async Task Update_ChangesContacts_AndNothingElse()
    {
        using var client = await fixture.NewAccountAsync();
        var answer = await client.PostAsync(client.AccountUrl!, new JsonObject
        {
            ["contact"] = new JsonArray("mailto:new@example.org"), ["orders"] = "https://example.org/", ["termsOfServiceAgreed"] = true, ["status"] = "revoked",
        });
        Assert.Equal((200, "valid"), ((int)answer.Status, answer.Json["status"]!.ToString()));
        Assert.Equal("mailto:new@example.org", (await client.PostAsync(client.AccountUrl!)).Json["contact"]!.AsArray().Single()!.ToString());
        Assert.False(answer.Json.ContainsKey("termsOfServiceAgreed"));
    }

    [Fact]
    public async Task Deactivation_EndsTheAccount_AndSaysSo()
    {
        using var client = await fixture.NewAccountAsync();
        var answer = await client.PostAsync(client.AccountUrl!, new JsonObject { ["status"] = "deactivated" });
        Assert.Equal((200, "deactivated"), ((int)answer.Status, answer.Json["status"]!.ToString()));

        Assert.Equal((401, "unauthorized"), (await client.PostAsync(client.AccountUrl!)).Outcome);
        Assert.Equal((401, "unauthorized"), (await client.PostAsync(client.AccountUrl!, new JsonObject { ["status"] = "valid" })).Outcome);
        Assert.Equal((401, "unauthorized"), (await client.RegisterAsync()).Outcome);
    }

    [Fact]
    public async Task AnotherAccount_IsNotSeen()
    {
        using var mine = await fixture.NewAccountAsync();
        using var other = await fixture.NewAccountAsync();
        Assert.Equal((404, "malformed"), (await mine.PostAsync(other.AccountUrl!)).Outcome);
        Assert.Equal((404, "malformed"), (await mine.PostAsync(other.AccountUrl!, new JsonObject { ["status"] = "deactivated" })).Outcome);
        Assert.Equal((404, "malformed"), (await mine.PostAsync($"{other.AccountUrl![..^32]}{Guid.NewGuid():N}")).Outcome);
        Assert.Equal(200, (int)(await other.PostAsync(other.AccountUrl!)).Status);
    }

    [Fact]
    public async Task Revoked_ByAnAdministrator_CountsAtOnce_AndIsAudited()
    {
        using var client = await fixture.NewAccountAsync();
        await client.PostAsync(client.AccountUrl!);
        var id = Guid.ParseExact(client.AccountUrl![^32..], "N");
        var administrator = new Actor(Guid.NewGuid(), "admin", [new ActorGrant(PortalRole.Administrator, null)]) { HasSecondFactor = true };
        await fixture.Portal.Get<AccountAdministration>().RevokeAsync(id, "key leaked", administrator, TestContext.Current.CancellationToken);

        Assert.Equal((401, "unauthorized"), (await client.PostAsync(client.AccountUrl!)).Outcome);
        await using var db = fixture.Portal.NewDb();
        var actions = await db.AuditRecords.Where(record => record.ObjectId == id.ToString()).OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([AuditAction.AcmeAccountCreated, AuditAction.AcmeAccountRevoked], actions);
    }

    [Fact]
    public async Task Search_FindsByContact_ForAdministratorsOnly()
    {
        using var client = fixture.NewClient();
        await client.RegisterAsync(new JsonObject { ["contact"] = new JsonArray("mailto:needle@example.org") });
        var search = fixture.Portal.Get<AcmeAccountSearch>();
        var administrator = new Actor(Guid.NewGuid(), "admin", [new ActorGrant(PortalRole.Administrator, null)]) { HasSecondFactor = true };
        var stranger = new Actor(Guid.NewGuid(), "stranger", []);
        Assert.Single((await search.FindAsync(new AcmeAccountQuery("needle"), administrator, TestContext.Current.CancellationToken)).Rows);
        Assert.Empty((await search.FindAsync(new AcmeAccountQuery("needle"), stranger, TestContext.Current.CancellationToken)).Rows);
    }
}

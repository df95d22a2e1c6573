using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 7.3.5: the nine checks, each by a request that breaks it.</summary>
[Trait("Category", "Unit")]
public sealed class KeyChangeTests(AcmeFixture fixture) : IClassFixture<AcmeFixture>
{
    [Fact]
    public async Task KeyChange_GivesTheAccountToTheNewKey()
    {
        using var client = await fixture.NewAccountAsync();
        using var oldKey = client.Key;
        var answer = await ChangeAsync(client, TestKey.Ec("P-384"));
        Assert.Equal(200, (int)answer.Status);
        Assert.Equal((400, "badSignatureAlgorithm"), (await client.PostAsync(client.AccountUrl!)).Outcome);

        client.Key = lastKey!;
        Assert.Equal(200, (int)(await client.PostAsync(client.AccountUrl!)).Status);
        using var former = fixture.NewClient(oldKey);
        Assert.Equal((400, "accountDoesNotExist"), (await former.RegisterAsync(new JsonObject { ["onlyReturnExisting"] = true })).Outcome);
    }

    [Fact]
    public async Task OldKey_OfTheSameKind_NoLongerSigns()
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal(200, (int)(await ChangeAsync(client, TestKey.Ec())).Status);
        Assert.Equal((400, "malformed"), (await client.PostAsync(client.AccountUrl!)).Outcome);
    }

    private static readonly Dictionary<string, Action<Inner>> Broken = new(StringComparer.Ordinal)
    {
        ["2: payload not a JWS"] = inner => inner.Text = "{}",
        ["2: payload text"] = inner => inner.Text = "\"hello\"",
        ["2: unprotected header inside"] = inner => inner.Jws.Last = json => json["header"] = new JsonObject(),
        ["2: nonce inside"] = inner => inner.Jws.Header["nonce"] = "AAAA",
        ["2: kid inside"] = inner => inner.Jws.Header["kid"] = "x",
        ["3: no jwk"] = inner => inner.Jws.Header.Remove("jwk"),
        ["3: jwk not an object"] = inner => inner.Jws.Header["jwk"] = "x",
        ["4: signed by another key"] = inner => inner.Jws.Sign = content => TestKey.Ec().Sign(content, "ES256"),
        ["5: payload not an object"] = inner => inner.Jws.Payload = "[]"u8.ToArray(),
        ["5: no account"] = inner => inner.Change.Remove("account"),
        ["5: no oldKey"] = inner => inner.Change.Remove("oldKey"),
        ["5: account a number"] = inner => inner.Change["account"] = 1,
        ["6: url of another resource"] = inner => inner.Jws.Header["url"] = "https://localhost/acme/new-order",
        ["6: no url"] = inner => inner.Jws.Header.Remove("url"),
        ["7: another account"] = inner => inner.Change["account"] = $"https://localhost/acme/account/{Guid.NewGuid():N}",
        ["8: another old key"] = inner => inner.Change["oldKey"] = TestKey.Ec().Jwk,
        ["8: no key"] = inner => inner.Change["oldKey"] = new JsonObject { ["kty"] = "EC" },
    };

    public static TheoryData<string> Cases => [.. Broken.Keys];

    private TestKey? lastKey;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task KeyChange_IsRefused(string what)
    {
        using var client = await fixture.NewAccountAsync();
        var answer = await ChangeAsync(client, TestKey.Ec(), Broken[what]);
        Assert.Equal(400, (int)answer.Status);
        Assert.Contains(answer.Problem, new[] { "malformed", "badPublicKey" });
        Assert.Equal(200, (int)(await client.PostAsync(client.AccountUrl!)).Status);
    }

    [Fact]
    public async Task KeyOfAnotherAccount_IsAConflict_ThatNamesIt()
    {
        using var client = await fixture.NewAccountAsync();
        using var other = await fixture.NewAccountAsync();
        var answer = await ChangeAsync(client, other.Key);
        Assert.Equal((409, other.AccountUrl), ((int)answer.Status, answer.Location));
        Assert.Equal("malformed", answer.Problem);
    }

    [Fact]
    public async Task OwnKeyAgain_IsAConflict()
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal((409, client.AccountUrl), (await ChangeAsync(client, client.Key)) is var answer ? ((int)answer.Status, answer.Location) : default);
    }

    [Fact]
    public async Task WeakNewKey_IsRefused()
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal((400, "badPublicKey"), (await ChangeAsync(client, TestKey.Rsa(1024))).Outcome);
    }

    [Fact]
    public async Task DeactivatedAccount_ChangesNoKey()
    {
        using var client = await fixture.NewAccountAsync();
        await client.PostAsync(client.AccountUrl!, new JsonObject { ["status"] = "deactivated" });
        Assert.Equal((401, "unauthorized"), (await ChangeAsync(client, TestKey.Ec())).Outcome);
    }

    private async Task<AcmeAnswer> ChangeAsync(AcmeClient client, TestKey newKey, Action<Inner>? change = null)
    {
        lastKey = newKey;
        var url = await client.UrlOfAsync("keyChange");
        var inner = new Inner
        {
            Change = new JsonObject { ["account"] = client.AccountUrl, ["oldKey"] = client.Key.Jwk.DeepClone() },
            Jws = new TestJws { Header = new JsonObject { ["alg"] = newKey.Algorithm, ["jwk"] = newKey.Jwk.DeepClone(), ["url"] = url }, Sign = content => newKey.Sign(content, newKey.Algorithm) },
        };
        change?.Invoke(inner);
        if (inner.Jws.Payload is []) inner.Jws.Payload = Encoding.UTF8.GetBytes(inner.Change.ToJsonString());
        return await client.PostAsync(url, payload: null, jws => jws.Payload = Encoding.UTF8.GetBytes(inner.Text ?? inner.Jws.ToString()));
    }

    private sealed class Inner
    {
        public required JsonObject Change { get; init; }

        public required TestJws Jws { get; init; }

        /// <summary>Instead of all: exactly this.</summary>
        public string? Text { get; set; }
    }
}

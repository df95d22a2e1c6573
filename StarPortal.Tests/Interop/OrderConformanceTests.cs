using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Interop;

/// <summary>RFC 8555 7.4 as a client sees it over HTTPS.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class OrderConformanceTests(AcmeWorld world) : IAsyncLifetime
{
    private const string Name = $"orders.{AcmeWorld.Waived}";

    private AcmeClient client = null!;

    public async ValueTask InitializeAsync() => client = await world.NewAccountAsync();

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>7.4: "201 (Created) … Location"; 7.1.3: the order object.</summary>
    [Fact]
    public async Task NewOrder_IsCreated()
    {
        var order = await client.OrderAsync("a.example.org", "*.a.example.org", "127.0.0.1");
        Assert.Equal((201, "pending"), ((int)order.Status, order.Json["status"]!.GetValue<string>()));
        Assert.Equal(["a.example.org", "*.a.example.org", "127.0.0.1"], order.Json["identifiers"]!.AsArray().Select(identifier => identifier!["value"]!.GetValue<string>()));
        Assert.Equal(3, order.Json["authorizations"]!.AsArray().Count);
        Assert.True(DateTimeOffset.TryParseExact(order.Json["expires"]!.GetValue<string>(), "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        Assert.Equal(order.Json.ToJsonString(), (await client.PostAsync(order.Location!)).Json.ToJsonString());
        Assert.False(order.Json.ContainsKey("certificate"));
    }

    /// <summary>7.1.4: A-labels; RFC 5280 4.2.1.6: preferred name syntax. 6.7.1: what is wrong with each.</summary>
    [Theory]
    [InlineData("example.org.", "malformed")]
    [InlineData("bücher.example.org", "malformed")]
    [InlineData("a.*.example.org", "malformed")]
    [InlineData("*.*.example.org", "malformed")]
    [InlineData("*", "malformed")]
    [InlineData("", "malformed")]
    [InlineData("a..example.org", "malformed")]
    [InlineData("a b.example.org", "malformed")]
    [InlineData("-a.example.org", "malformed")]
    [InlineData("a\u0000.example.org", "malformed")]
    [InlineData("https://example.org/", "malformed")]
    public async Task Identifier_IsRefused(string name, string problem) => Assert.Equal((400, problem), (await client.OrderAsync(name)).Outcome);

    [Fact]
    public async Task Identifier_IsTaken_InUpperCase_AndAsALabels()
    {
        var order = await client.OrderAsync($"UPPER.{AcmeWorld.Waived}", $"xn--bcher-kva.{AcmeWorld.Waived}");
        Assert.Equal([$"upper.{AcmeWorld.Waived}", $"xn--bcher-kva.{AcmeWorld.Waived}"], order.Json["identifiers"]!.AsArray().Select(identifier => identifier!["value"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Identifiers_AreAtMost100()
    {
        Assert.Equal(201, (int)(await client.OrderAsync([.. Enumerable.Range(0, 100).Select(number => $"n{number}.{AcmeWorld.Waived}")])).Status);
        Assert.Equal((400, "malformed"), (await client.OrderAsync([.. Enumerable.Range(0, 101).Select(number => $"n{number}.{AcmeWorld.Waived}")])).Outcome);
    }

    /// <summary>6.7.1: subproblems; 7.4: "unsupportedIdentifier".</summary>
    [Fact]
    public async Task BadIdentifiers_AreListed()
    {
        var payload = AcmeClient.OrderOf("good.example.org", "bad..example.org");
        payload["identifiers"]!.AsArray().Add(new JsonObject { ["type"] = "email", ["value"] = "x@example.org" });
        var answer = await client.PostAsync(await client.UrlOfAsync("newOrder"), payload);
        Assert.Equal((400, "compound"), answer.Outcome);
        Assert.Equal(["urn:ietf:params:acme:error:malformed", "urn:ietf:params:acme:error:unsupportedIdentifier"], answer.Json["subproblems"]!.AsArray().Select(problem => problem!["type"]!.GetValue<string>()));
    }

    /// <summary>7.4: "the server MUST NOT … silently issue" other dates than asked for.</summary>
    [Fact]
    public async Task Dates_AreHonoured_OrRefused()
    {
        var (begin, end) = (TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddDays(3));
        var payload = AcmeClient.OrderOf(Name);
        (payload["notBefore"], payload["notAfter"]) = ($"{begin:yyyy-MM-dd'T'HH:mm:ss'Z'}", $"{end:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        var order = await client.PostAsync(await client.UrlOfAsync("newOrder"), payload);
        var certificate = await client.DownloadAsync(await client.FinalizeAsync(order, OrderScene.Csr(Name)));
        Assert.Equal((begin.ToUnixTimeSeconds(), end.ToUnixTimeSeconds()), (new DateTimeOffset(certificate.NotBefore).ToUnixTimeSeconds(), new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds()));

        payload["notAfter"] = "2090-01-01T00:00:00Z";
        Assert.Equal(400, (int)(await client.PostAsync(await client.UrlOfAsync("newOrder"), payload)).Status);
    }

    /// <summary>draft-ietf-acme-profiles: those of the directory; "invalidProfile" for others.</summary>
    [Fact]
    public async Task Profile_IsOneOfTheDirectorys()
    {
        var name = (await client.DirectoryAsync())["meta"]!["profiles"]!.AsObject().First().Key;
        var payload = AcmeClient.OrderOf(Name);
        payload["profile"] = name;
        Assert.Equal(name, (await client.PostAsync(await client.UrlOfAsync("newOrder"), payload)).Json["profile"]!.GetValue<string>());
        payload["profile"] = "nothing";
        Assert.Equal((400, "invalidProfile"), (await client.PostAsync(await client.UrlOfAsync("newOrder"), payload)).Outcome);
    }

    /// <summary>7.4: "orderNotReady … 403".</summary>
    [Fact]
    public async Task Finalize_IsRefused_BeforeTheOrderIsReady_AndOnceItIsDone()
    {
        Assert.Equal((403, "orderNotReady"), (await client.FinalizeAsync(await client.OrderAsync("pending.example.org"), OrderScene.Csr("pending.example.org"))).Outcome);
        var done = await client.IssueAsync(Name);
        Assert.Equal((403, "orderNotReady"), (await client.FinalizeAsync(done, OrderScene.Csr(Name))).Outcome);
    }

    /// <summary>7.4: "The CSR MUST indicate the exact same set of requested identifiers"; 11.1: not the account's key. The order stays ready.</summary>
    [Fact]
    public async Task Csr_AsksForWhatWasOrdered()
    {
        var order = await client.OrderAsync(Name, $"second.{Name}");
        string[] names = [Name, $"second.{Name}"];
        using var weak = RSA.Create(1024);
        byte[][] wrong =
        [
            OrderScene.Csr(Name), OrderScene.Csr([.. names, $"third.{Name}"]), OrderScene.Csr([.. names, "root@example.org"]), OrderScene.Csr((ECDsa)client.Key.Key, "", names),
            OrderScene.Csr(), [], [0x30], [.. OrderScene.Csr(names).Select((octet, at) => at == 200 ? (byte)(octet ^ 1) : octet)],
            new CertificateRequest($"CN={Name}", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
        ];
        foreach (var csr in wrong) Assert.Equal((400, "badCSR"), (await client.FinalizeAsync(order, csr)).Outcome);
        Assert.Equal("ready", (await client.PostAsync(order.Location!)).Json["status"]!.GetValue<string>());
        Assert.Equal("valid", (await client.FinalizeAsync(order, OrderScene.Csr([.. names.Reverse()]))).Json["status"]!.GetValue<string>());
    }

    /// <summary>7.4.2, 9.1: "application/pem-certificate-chain", the end-entity certificate first, each certified by the next; alternates by Link.</summary>
    [Fact]
    public async Task Certificate_IsAStrictPemChain_WithAlternates()
    {
        var order = await client.IssueAsync(Name);
        var answer = await client.PostAsync(order.Json["certificate"]!.GetValue<string>());
        Assert.Equal((200, "application/pem-certificate-chain"), ((int)answer.Status, answer.MediaType));
        Assert.Matches(@"\A(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END CERTIFICATE-----\n)+\z", answer.Text);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(answer.Text);
        Assert.Contains(Name, chain[0].GetNameInfo(X509NameType.DnsName, forIssuer: false), StringComparison.Ordinal);
        for (var at = 1; at < chain.Count; at++) Assert.Equal(chain[at].Subject, chain[at - 1].Issuer);

        var alternate = await client.PostAsync(answer.LinkOf("alternate")!);
        Assert.Equal(answer.MediaType, alternate.MediaType);
        Assert.NotEqual(answer.Text, alternate.Text);
        Assert.Equal(chain[0].RawData, X509Certificate2.CreateFromPem(alternate.Text).RawData);
    }

    /// <summary>Two finalize requests at once: one certificate.</summary>
    [Fact]
    public async Task Finalize_IssuesOnce_WhenAskedManyTimesAtOnce()
    {
        var order = await client.OrderAsync(Name);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.Again().FinalizeAsync(order, OrderScene.Csr(Name))));
        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers, answer => Assert.True((int)answer.Status == 200 || answer.Problem == "orderNotReady", answer.Text));
    }
}

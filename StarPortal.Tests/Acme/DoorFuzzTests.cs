using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>What an account signs and sends to the doors of orders, damaged before it is signed: refused or done, never a 500, never a hang.</summary>
[Trait("Category", "Unit")]
public sealed class DoorFuzzTests : IAsyncLifetime
{
    private const int Inputs = 500;
    private const string Waived = "lab.example.org";

    private WebPortal portal = null!;
    private AcmeClient client = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string?> { ["Acme:RateLimits:Enabled"] = "false", ["Acme:Namespaces:0:Suffix"] = Waived, ["Acme:Namespaces:0:Challenge"] = "waived" };
        var world = new FakeWorld();
        portal = await WebPortal.StartAsync(settings, services: services =>
        {
            services.RemoveAll<IChallengeValidator>().RemoveAll<ICaaChecker>().AddSingleton<ICaaChecker>(world);
            foreach (var type in Enum.GetValues<ChallengeType>()) services.AddSingleton<IChallengeValidator>(new FakeValidator(type, world));
        });
        client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await portal.DisposeAsync();
    }

    [Theory]
    [InlineData("newOrder", """{"identifiers":[{"type":"dns","value":"a.lab.example.org"},{"type":"ip","value":"192.0.2.1"}],"notAfter":"2030-01-01T00:00:00Z","profile":"host","replaces":"AAAA.AAAA"}""")]
    [InlineData("newAuthz", """{"identifier":{"type":"dns","value":"a.example.org"}}""")]
    [InlineData("revokeCert", """{"certificate":"MIIBAAAA","reason":1}""")]
    public async Task Payload_Damaged_NeverBreaksTheServer(string resource, string payload)
    {
        var (url, mutator) = (await client.UrlOfAsync(resource), new Mutator((ulong)resource.Length));
        await RunAsync(_ => Task.FromResult((url, mutator.Mutate(Encoding.UTF8.GetBytes(payload)))));
    }

    /// <summary>Each answer begins an attempt, so that an order serves a few of them.</summary>
    [Fact]
    public async Task Challenge_Damaged_NeverBreaksTheServer()
    {
        var mutator = new Mutator(seed: 8556);
        var url = "";
        await RunAsync(async round =>
        {
            if (round % 50 == 0)
            {
                var order = await client.OrderAsync($"n{round}.example.org");
                url = (await client.AskAsync(order.Json["authorizations"]![0]!.GetValue<string>())).Json["challenges"]![0]!["url"]!.GetValue<string>();
            }

            return (url, mutator.Mutate("{\"keyAuthorization\":\"a.b\"}"u8.ToArray()));
        });
    }

    [Fact]
    public async Task SigningRequest_Damaged_NeverBreaksTheServer_AndTheOrderCanStillBeFinalized()
    {
        var mutator = new Mutator(seed: 2986);
        var order = await client.OrderAsync($"a.{Waived}");
        var (url, csr) = (order.Json["finalize"]!.GetValue<string>(), OrderScene.Csr($"b.{Waived}"));
        await RunAsync(round => Task.FromResult((url, round % 3 == 0
            ? mutator.Mutate(Encoding.UTF8.GetBytes(Member("csr", csr)))
            : Encoding.UTF8.GetBytes(Member("csr", mutator.Mutate(csr))))));
        Assert.Equal("valid", (await client.FinalizeAsync(order, OrderScene.Csr($"a.{Waived}"))).Json["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task CertificateToRevoke_Damaged_NeverBreaksTheServer_AndStaysValid()
    {
        var (mutator, url) = (new Mutator(seed: 5280), await client.UrlOfAsync("revokeCert"));
        using var certificate = await client.DownloadAsync(await client.IssueAsync($"a.{Waived}"));
        var spared = certificate.RawData;
        await RunAsync(_ =>
        {
            var damaged = mutator.Mutate(spared);
            return Task.FromResult((url, Encoding.UTF8.GetBytes(Member("certificate", damaged.AsSpan().SequenceEqual(spared) ? [] : damaged))));
        });
        Assert.Equal(HttpStatusCode.OK, (await client.AskAsync(url, new JsonObject { ["certificate"] = Base64Url.EncodeToString(spared) })).Status);
    }

    [Fact]
    public async Task RenewalInfo_Damaged_NeverBreaksTheServer()
    {
        var mutator = new Mutator(seed: 9773);
        var id = portal.Get<CertificateIds>().Write(StarPortal.Core.Authority.SerialNumber.Parse("0123456789abcdef0123456789abcdef"));
        var @base = await client.UrlOfAsync("renewalInfo");
        for (var round = 0; round < Inputs; round++)
        {
            var answer = await client.GetAsync($"{@base}/{Uri.EscapeDataString(Encoding.Latin1.GetString(mutator.Mutate(Encoding.ASCII.GetBytes(id))))}");
            Assert.True((int)answer.Status < 500, $"{answer.Status} {answer.Text}");
        }
    }

    private static string Member(string name, byte[] value) => $$"""{"{{name}}":"{{Base64Url.EncodeToString(value)}}"}""";

    private async Task RunAsync(Func<int, Task<(string Url, byte[] Payload)>> next)
    {
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Inputs; round++)
        {
            var (url, payload) = await next(round);
            var answer = await client.PostAsync(url, change: jws => jws.Payload = payload);
            Assert.True((int)answer.Status < 500, $"{answer.Status} {answer.Text}\n{Convert.ToBase64String(payload)}");
            if ((int)answer.Status >= 400) Assert.NotNull(answer.Problem);
            Assert.NotEqual("badNonce", answer.Problem); // It would not have been looked at.
        }

        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
    }
}

using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 6.6 over HTTPS: 429, rateLimited, and when to come back.</summary>
[Trait("Category", "Unit")]
public sealed class RateLimitDoorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_OfOneAddress_AreLimited_ButNotTheirSearch()
    {
        await using var portal = await WebPortal.StartAsync(new Dictionary<string, string?> { ["Acme:RateLimits:Enabled"] = "true", ["Acme:RateLimits:AccountsPerAddress"] = "1" });
        using var first = new AcmeClient(portal.Client);
        using var second = new AcmeClient(portal.Client);
        Assert.Equal(201, (int)(await first.RegisterAsync()).Status);
        RequireLimited(await second.RegisterAsync());
        Assert.Equal(200, (int)(await first.RegisterAsync()).Status);
    }

    [Fact]
    public async Task Tries_AtOneChallenge_AreLimited()
    {
        var world = new FakeWorld();
        world.Answers.Enqueue(ValidationOutcome.Invalid(AcmeProblemType.Connection, "No answer."));
        await using var portal = await WebPortal.StartAsync(new Dictionary<string, string?> { ["Acme:RateLimits:Enabled"] = "true", ["Acme:RateLimits:ChallengeAttempts"] = "1" }, services: services =>
        {
            services.RemoveAll<IChallengeValidator>();
            foreach (var type in Enum.GetValues<ChallengeType>()) services.AddSingleton<IChallengeValidator>(new FakeValidator(type, world));
        });
        using var client = new AcmeClient(portal.Client);
        await client.RegisterAsync();
        var order = await client.OrderAsync("a.example.org");
        var authorization = await client.AskAsync(order.Json["authorizations"]![0]!.GetValue<string>());
        var challenge = authorization.Json["challenges"]![0]!["url"]!.GetValue<string>();
        Assert.Equal(200, (int)(await client.AskAsync(challenge, new JsonObject())).Status);
        await portal.Get<ValidationWorker>().AttemptDueAsync(Ct);
        RequireLimited(await client.AskAsync(challenge, new JsonObject()));
    }

    private static void RequireLimited(AcmeAnswer answer)
    {
        Assert.Equal((429, "rateLimited"), answer.Outcome);
        Assert.InRange(int.Parse(answer.Headers["Retry-After"].Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 3600);
    }
}

using System.Text.Json;
using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

/// <summary>Authorizations: RFC 8555 7.4.1, 7.5.</summary>
[Trait("Category", "Unit")]
public sealed class AuthorizationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a.example.org", "http-01 dns-01 tls-alpn-01 dns-account-01")]
    [InlineData("*.example.org", "dns-01 dns-account-01")]
    [InlineData("192.0.2.7", "http-01 tls-alpn-01")]
    [InlineData("2001:db8::7", "http-01 tls-alpn-01")]
    public async Task Challenges_FitTheIdentifier(string name, string expected)
    {
        await using var scene = await OrderScene.StartAsync();
        var view = await scene.OrderAsync(await scene.AddAccountAsync(), name);
        var json = Json(scene, view.Authorizations[0]);
        var challenges = json.GetProperty("challenges").EnumerateArray().ToList();
        Assert.Equal(expected, string.Join(' ', challenges.Select(challenge => challenge.GetProperty("type").GetString())));
        Assert.Equal(name.StartsWith('*'), json.TryGetProperty("wildcard", out _));
        Assert.DoesNotContain("*", json.GetProperty("identifier").GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Equal(challenges.Count, challenges.Select(challenge => challenge.GetProperty("token").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(challenges, challenge => Assert.Matches("^[A-Za-z0-9_-]{43}$", challenge.GetProperty("token").GetString()));
    }

    [Fact]
    public async Task ValidAuthorization_IsUsedAgain_ByTheSameAccountOnly()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var first = await scene.ReadyAsync(caller, "a.example.org", "*.example.org");
        var second = await scene.OrderAsync(caller, "a.example.org", "*.example.org");
        Assert.Equal(AcmeOrderStatus.Ready, second.Status);
        Assert.Equal(first.Order.AuthorizationIds, second.Order.AuthorizationIds);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(caller, "*.a.example.org")).Status);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(other, "a.example.org")).Status);
    }

    /// <summary>7.5.2.</summary>
    [Fact]
    public async Task Deactivation_EndsTheOrdersThatRestOnIt()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var ready = await scene.ReadyAsync(caller, "a.example.org");
        var service = scene.Portal.Get<AuthorizationService>();
        Assert.Equal(AcmeAuthorizationStatus.Deactivated, (await service.DeactivateAsync(caller, ready.Authorizations[0].Id, Ct)).Status);
        Assert.Equal(AcmeOrderStatus.Invalid, (await scene.ReadAsync(caller, ready)).Status);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.OrderAsync(caller, "a.example.org")).Status);
    }

    /// <summary>7.4.1.</summary>
    [Fact]
    public async Task PreAuthorization_ServesALaterOrder()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var authorization = await scene.Portal.Get<AuthorizationService>().AddAsync(caller, AcmeIdentifier.Dns("a.example.org"), Ct);
        await scene.RespondAsync(caller, authorization);
        await scene.ValidateAsync();
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.OrderAsync(caller, "a.example.org")).Status);
    }

    [Fact]
    public async Task PreAuthorization_OfAWildcard_IsRefused()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        Assert.Equal(403, (await OrderScene.RefusedAsync(AcmeProblemType.RejectedIdentifier, () => scene.Portal.Get<AuthorizationService>().AddAsync(caller, AcmeIdentifier.Dns("*.example.org"), Ct))).Status);
    }

    internal static JsonElement Json(OrderScene scene, AcmeAuthorization authorization)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) OrderJson.Write(json, authorization, scene.Portal.Get<AcmeLinks>(), scene.Now);
        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }
}

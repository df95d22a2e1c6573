using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Star;

/// <summary>STAR orders over HTTPS: RFC 8739 section 3.</summary>
[Trait("Category", "Unit")]
public sealed class StarOrderTests
{
    /// <summary>RFC 8739 3.1: order, certificates in their slots, the natural end.</summary>
    [Fact]
    public async Task Order_IsRenewed_FromItsStartToItsEnd()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var start = scene.Now;
        var valid = await scene.BeginAsync(client);
        Assert.Equal((200, "valid"), ((int)valid.Status, valid.Json["status"]!.ToString()));
        Assert.Null(valid.Json["certificate"]);

        foreach (var (hour, from, to) in new[] { (0, 0, 6), (3, 3, 12), (9, 9, 18), (15, 15, 24) })
        {
            scene.Portal.Clock.SetTo(start.AddHours(hour));
            Assert.Equal(hour == 0 ? 0 : 1, await scene.RenewAsync());
            var fetched = await scene.GetAsync(valid);
            Assert.Equal((200, "application/pem-certificate-chain"), ((int)fetched.Status, fetched.MediaType));
            using var certificate = StarOrderScene.Read(fetched);
            Assert.Equal((start.AddHours(from), start.AddHours(to)), (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime())));
        }

        scene.Portal.Clock.SetTo(start.AddHours(24).AddSeconds(1));
        Assert.Equal(0, await scene.RenewAsync());
        Assert.Equal((403, "autoRenewalExpired"), (await scene.GetAsync(valid)).Outcome);
        Assert.Equal("valid", (await client.PostAsync(valid.Location!)).Json["status"]!.ToString());
    }

    /// <summary>RFC 8739 3.1.2.</summary>
    [Fact]
    public async Task Cancel_EndsRenewalAndFetching_Once()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        var canceled = await client.AskAsync(valid.Location!, new JsonObject { ["status"] = "canceled" });
        Assert.Equal((200, "canceled"), ((int)canceled.Status, canceled.Json["status"]!.ToString()));
        Assert.Equal((403, "autoRenewalCanceled"), (await scene.GetAsync(valid)).Outcome);
        Assert.Equal((400, "autoRenewalCancellationInvalid"), (await client.AskAsync(valid.Location!, new JsonObject { ["status"] = "canceled" })).Outcome);
        Assert.Equal(0, await scene.PassAsync(TimeSpan.FromHours(12)));
    }
}

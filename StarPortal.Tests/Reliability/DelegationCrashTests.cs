using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The owner's portal is killed at the n-th instant between a registration and its first certificate, for each n until it gets through alive. The consumer
/// repeats what was not answered, as its idempotency key allows: nothing is lost, and nothing is finalized twice.
/// </summary>
[Trait("Category", "Interop")]
public sealed class DelegationCrashTests(ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registration_IsNotLost_NorFinalizedTwiceAtAnotherCa_WhereverTheProcessIsKilled()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var run = await Run.StartAsync(OtherCa.Upstream, ca.Settings);
        var instants = await run.UntilAliveAsync(round => Assert.Equal(round, ca.CountOf("POST /acme/order/finalize")));
        output.WriteLine($"{instants} instants; {ca.CountOf("POST /acme/new-order")} orders for {ca.CountOf("POST /acme/order/finalize")} certificates");
        Assert.True(instants > 4, $"Only {instants} instants were met: what is killed there?");
    }

    [Fact]
    public async Task Registration_IsNotLost_NorBegunTwiceAtThePortalsOwnCa_WhereverTheProcessIsKilled()
    {
        await using var run = await Run.StartAsync(UpstreamBook.Local, []);
        var instants = await run.UntilAliveAsync(round =>
        {
            using var db = run.NewDb();
            Assert.Equal(round, db.StarOrders.Count(order => order.Status == StarOrderStatus.Active));
        });
        output.WriteLine($"{instants} instants");
        Assert.True(instants > 4, $"Only {instants} instants were met: what is killed there?");
    }

    private sealed class Run(PortalApplication portal, CrashPoint crash, TestFolder folder, string token) : IAsyncDisposable
    {
        public static async Task<Run> StartAsync(string upstream, (string Name, string Value)[] settings)
        {
            var folder = new TestFolder();
            var crash = new CrashPoint(folder);
            var portal = await PortalApplication.StartAsync(settings.Append(("Portal:Demo", "false")).ToDictionary(setting => setting.Item1, setting => setting.Item2, StringComparer.Ordinal), crash.At("1"));
            var token = SecureTokens.NewToken();
            await using var db = portal.NewDb();
            await AddAsync(db, upstream, token);
            return new Run(portal, crash, folder, token);
        }

        public PortalDbContext NewDb() => portal.NewDb();

        /// <param name="require">Looks at the CA after a round; its argument is how many certificates there should be.</param>
        /// <returns>The first n at which it got through alive.</returns>
        public async Task<int> UntilAliveAsync(Action<int> require)
        {
            for (var n = 1; ; n++)
            {
                crash.Arm();
                var body = DelegationScene.Registration();
                var deaths = await RegisterAsync(body, n);
                crash.Disarm();
                await using var db = portal.NewDb();
                Assert.Equal(n, await db.DelegatedOrders.CountAsync(order => order.Status == DelegatedOrderStatus.Valid, Ct));
                Assert.Equal(n, await db.DelegatedOrders.CountAsync(Ct));
                require(n);
                await AuditLog.RequireIntactAsync(db);
                if (deaths == 0) return n;
                await portal.KillAsync();
                await portal.RestartAsync(crash.At($"{n + 1}"));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await portal.DisposeAsync();
            folder.Dispose();
        }

        private async Task<int> RegisterAsync(JsonObject body, int round)
        {
            for (var deaths = 0; ; deaths++)
            {
                try
                {
                    using var registered = await SendAsync(HttpMethod.Post, new Uri(portal.BaseUrl, "star/registration"), body.DeepClone(), $"round-{round}");
                    Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
                    await UntilValidAsync(registered.Headers.Location!);
                    return deaths;
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                    crash.Disarm();
                    await portal.RestartAsync(crash.At("never"));
                }
            }
        }

        private async Task UntilValidAsync(Uri completion)
        {
            for (var polls = 0; polls < 600; polls++)
            {
                using var answer = await SendAsync(HttpMethod.Get, completion, null, null);
                var state = await DelegationScene.ReadAsync(answer);
                if ((string?)state["status"] == "valid") return;
                Assert.Equal("pending", (string?)state["status"]);
                await Task.Delay(50, Ct);
            }

            Assert.Fail("It was not done within half a minute.");
        }

        private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri url, JsonNode? body, string? key)
        {
            using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            return await portal.Client.SendAsync(request, Ct);
        }

        /// <summary>An owner of example.org with a consumer and a delegation.</summary>
        private static async Task AddAsync(PortalDbContext db, string upstream, string token)
        {
            var now = TimeProvider.System.GetUtcNow();
            var user = new PortalUser { UserName = "delegator", NormalizedUserName = "DELEGATOR", FullName = "Delegator", Email = "delegator@example.org", NormalizedEmail = "DELEGATOR@EXAMPLE.ORG", EmailConfirmed = true, SecurityStamp = "1", CreatedAt = now };
            var space = AcmeNamespace.Ask("example.org", NamespaceChallenge.Waived, user.Id, null, "", now);
            space.Approve(NamespaceChallenge.Waived, "", Actor.System("test"), now);
            var consumer = DelegationConsumer.Create("CDN One", user.Id, now);
            db.AddRange(user, RoleGrant.To(user.Id, PortalRole.Owner, null, isDeputy: false, now, null, Actor.System("test")), space, consumer, ConsumerCredential.OfToken(consumer.Id, token, now));
            db.Add(NameDelegation.Create(DelegationScene.Terms() with { Upstream = upstream }, user.Id, consumer.Id, now));
            await db.SaveChangesAsync(Ct);
        }
    }
}

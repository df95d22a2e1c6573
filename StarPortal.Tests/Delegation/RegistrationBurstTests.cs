using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace StarPortal.Tests.Delegation;

/// <summary>Many registrations at once: whoever comes back when it was promised finds its certificate, or a new promise.</summary>
[Trait("Category", "Unit")]
public sealed class RegistrationBurstTests(ITestOutputHelper output)
{
    private const int Registrations = 1_000;
    private const int Clients = 16;

    [Fact]
    public async Task EachRegistration_IsDoneOrPromisedAnew_WhenItsPromiseIsDue()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        ConcurrentQueue<(Uri Url, DateTimeOffset At)> promises = [];
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, Registrations), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = TestContext.Current.CancellationToken }, async (_, _) =>
        {
            using var registered = await scene.RegisterAsync(DelegationScene.Registration());
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
            promises.Enqueue((registered.Headers.Location!, scene.Portal.Clock.Now + registered.Headers.RetryAfter!.Delta!.Value));
        });
        output.WriteLine($"{Registrations} registered in {watch.Elapsed.TotalSeconds:0.0} s, promised within {promises.Max(promise => promise.At) - scene.Portal.Clock.Now}");

        // Nothing is done yet: the first who come are told when to come again.
        var first = promises.OrderBy(promise => promise.At).Take(20).ToList();
        scene.Portal.Clock.SetTo(first[^1].At);
        foreach (var (url, _) in first)
        {
            using var completion = await scene.CompletionAsync(url);
            Assert.Equal("pending", (string?)(await DelegationScene.ReadAsync(completion))["status"]);
            promises.Enqueue((url, scene.Portal.Clock.Now + completion.Headers.RetryAfter!.Delta!.Value));
        }

        watch.Restart();
        await scene.WorkAsync();
        output.WriteLine($"{Registrations} done in {watch.Elapsed.TotalSeconds:0.0} s, {Registrations / watch.Elapsed.TotalSeconds:0} a second");
        foreach (var (url, at) in promises.OrderBy(promise => promise.At))
        {
            if (at > scene.Portal.Clock.Now) scene.Portal.Clock.SetTo(at);
            using var completion = await scene.CompletionAsync(url);
            Assert.Equal("valid", (string?)(await DelegationScene.ReadAsync(completion))["status"]);
        }
    }
}

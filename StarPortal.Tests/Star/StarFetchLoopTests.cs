using Microsoft.AspNetCore.Http;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>Days of polling, with a clock that leaps over every wait, and a server that keeps RFC 8739's schedule by the same clock.</summary>
[Trait("Category", "Unit")]
public sealed class StarFetchLoopTests
{
    private readonly LeapingClock clock = new(TestClock.ProcessStart);

    private readonly List<FetchEvent> told = [];

    private readonly Dictionary<long, string> issued = [];

    private Action<FetchEvent> watch = _ => { };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 2 * 3600)]
    [InlineData(true, 6 * 3600)]
    [InlineData(false, 0)] // A server that sends none of the headers that RFC 8739 only recommends.
    [InlineData(false, 6 * 3600)]
    public async Task Certificate_IsFreshUntilTheEndOfTheOrder_WithoutHammering(bool hasHeaders, long adjust)
    {
        await using var scene = await FetchScene.StartAsync(clock);
        var order = new AutoRenewal(clock.GetUtcNow(), clock.GetUtcNow().AddDays(2), 6 * 3600, adjust);
        List<CertificateLife> gaps = [];
        scene.Server.Answer = context =>
        {
            if (scene.File.Find() is { } held && !held.Life.Includes(clock.GetUtcNow()) && clock.GetUtcNow() < order.End) gaps.Add(held.Life);
            return ServeAsync(context, scene, order, hasHeaders);
        };

        await Loop(scene).RunAsync(Ct);
        Assert.Empty(gaps);
        Assert.True(clock.GetUtcNow() > order.End);
        Assert.Contains("autoRenewalExpired", told[^1].Text, StringComparison.Ordinal);
        Assert.InRange(told.Count(line => line.Text.StartsWith("Replaced", StringComparison.Ordinal)), 7, 9);
        Assert.InRange(scene.Server.Requests, 8, 80); // Near the end of the last certificate what is left gets short, and the polls frequent.
    }

    [Fact]
    public async Task Failures_BackOff_AndTheCertificateComesWhenTheServerIsBack()
    {
        await using var scene = await FetchScene.StartAsync(clock);
        var (outage, pem) = (clock.GetUtcNow().AddHours(4), scene.Chain(0, 12));
        scene.Server.Answer = context =>
        {
            if (clock.GetUtcNow() >= outage) return context.Response.WriteAsync(pem);
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await RunUntilAsync(Loop(scene), line => line.Text.StartsWith("Replaced", StringComparison.Ordinal));
        Assert.Equal(pem, scene.InPlace);
        Assert.InRange(scene.Server.Requests, 10, 20);
        Assert.InRange(clock.GetUtcNow(), outage, outage.AddHours(1));
    }

    [Fact]
    public async Task RetryAfter_IsHonoured()
    {
        await using var scene = await FetchScene.StartAsync(clock);
        List<DateTimeOffset> asked = [];
        scene.Server.Answer = context =>
        {
            asked.Add(clock.GetUtcNow());
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "7200");
            return Task.CompletedTask;
        };
        await RunUntilAsync(Loop(scene), _ => asked.Count == 2);
        Assert.InRange(asked[1] - asked[0], TimeSpan.FromHours(2), TimeSpan.FromHours(2.3));
    }

    [Fact]
    public async Task Hook_RunsAfterEachReplacement_AndNotOtherwise()
    {
        await using var scene = await FetchScene.StartAsync(clock, hasHook: true);
        var order = new AutoRenewal(clock.GetUtcNow(), clock.GetUtcNow().AddDays(1), 6 * 3600);
        scene.Server.Answer = context => ServeAsync(context, scene, order, hasHeaders: true);
        await Loop(scene, $"echo \"$STARPORTAL_NOT_AFTER\" >> {scene.Folder["ran"]}").RunAsync(Ct);
        var ends = await File.ReadAllLinesAsync(scene.Folder["ran"], Ct);
        Assert.Equal(told.Count(line => line.Text.StartsWith("Replaced", StringComparison.Ordinal)), ends.Length);
        Assert.Equal(ends.Distinct().Order(), ends);
        Assert.Equal($"{order.End:yyyy-MM-dd'T'HH:mm:ss'Z'}", ends[^1]);
        Assert.False(scene.File.HookIsDue);
    }

    [Fact]
    public async Task FailingHook_IsToldOf_AndRepeatedAtTheNextPoll_AndTheCertificateStays()
    {
        await using var scene = await FetchScene.StartAsync(clock, hasHook: true);
        var (pem, counter) = (scene.Chain(0, 12), scene.Folder["ran"]);
        scene.Server.Answers(pem);
        await RunUntilAsync(Loop(scene, $"echo x >> {counter}; test $(wc -l < {counter}) -ge 3"), line => line.Text == "The hook has run.");
        Assert.Equal((pem, 3), (scene.InPlace, (await File.ReadAllLinesAsync(counter, Ct)).Length));
        Assert.Equal(2, told.Count(line => line.IsTrouble && line.Text.StartsWith("The hook ended with 1", StringComparison.Ordinal)));
        Assert.True(clock.GetUtcNow() - TestClock.ProcessStart < TimeSpan.FromMinutes(5)); // As soon as after any failure.
    }

    /// <summary>Killed after the renaming: the certificate is there, and its hook has not run.</summary>
    [Fact]
    public async Task Hook_RunsAtTheNextStart_WhenAKillKeptItFromRunning()
    {
        await using var scene = await FetchScene.StartAsync(clock, hasHook: true);
        await scene.HoldAsync();
        Assert.True(await Loop(scene, $"touch {scene.Folder["ran"]}").RunOnceAsync(Ct));
        Assert.True(File.Exists(scene.Folder["ran"]));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("true", null, true)]
    [InlineData("false", null, false)]
    [InlineData(null, "serverInternal", false)]
    [InlineData(null, "autoRenewalCanceled", false)]
    public async Task Once_SaysWhetherAllIsWell(string? hook, string? refusal, bool isGood)
    {
        await using var scene = await FetchScene.StartAsync(clock, hasHook: hook is not null);
        if (refusal is null) scene.Server.Answers(scene.Chain());
        else scene.Server.Refuses(refusal);
        Assert.Equal(isGood, await Loop(scene, hook).RunOnceAsync(Ct));
        Assert.Equal(1, scene.Server.Requests);
    }

    [Fact]
    public async Task Wait_IsNotProlonged_WhenTheClockIsPutBack()
    {
        await using var scene = await FetchScene.StartAsync(clock);
        scene.Server.Answers(scene.Chain(-10, 10));
        var began = clock.GetTimestamp();
        await RunUntilAsync(Loop(scene), line =>
        {
            if (scene.Server.Requests == 1 && line.Text.StartsWith("Next poll", StringComparison.Ordinal)) clock.PutBack(TimeSpan.FromHours(8));
            return scene.Server.Requests == 2;
        });
        Assert.InRange(clock.GetElapsedTime(began), TimeSpan.FromHours(5), TimeSpan.FromHours(6.7));
    }

    private StarFetchLoop Loop(FetchScene scene, string? hook = null) =>
        new(scene.Fetcher, scene.File, hook is null ? null : new FetchHook(hook, TimeSpan.FromSeconds(30)), clock, line =>
        {
            told.Add(line);
            watch(line);
        });

    /// <summary>As a signal ends the program.</summary>
    private async Task RunUntilAsync(StarFetchLoop loop, Predicate<FetchEvent> isEnough)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        watch = line =>
        {
            if (isEnough(line)) end.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop.RunAsync(end.Token));
    }

    private Task ServeAsync(HttpContext context, FetchScene scene, AutoRenewal order, bool hasHeaders)
    {
        var now = clock.GetUtcNow();
        if (order.SlotAt(now) is not { } slot)
        {
            scene.Server.Refuses("autoRenewalExpired");
            return scene.Server.Answer(context);
        }

        if (hasHeaders) context.Response.Headers.CacheControl = $"max-age={(long)((order.NextAfter(now)?.NotBefore ?? slot.NotAfter) - now).TotalSeconds}";
        return context.Response.WriteAsync(Pem(scene, slot));
    }

    private string Pem(FetchScene scene, Slot slot) => issued.TryGetValue(slot.Index, out var pem) ? pem : issued[slot.Index] = scene.Chain(slot);
}

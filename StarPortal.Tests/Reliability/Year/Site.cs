using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>One of the nodes, until it dies.</summary>
internal sealed record Node(int Place, TestPortal Portal, NodeLife Life);

/// <summary>Two nodes over one database, one clock and one world. A third one, which does nothing by itself, looks on.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const int MostTries = 8;

    private readonly TestPortal watch;
    private readonly Node[] nodes = new Node[2];
    private readonly SemaphoreSlim reviving = new(1);

    private Site(TestPortal watch)
    {
        this.watch = watch;
        for (var place = 0; place < nodes.Length; place++) nodes[place] = Start(place);
    }

    public TestPortal Watch => watch;

    public PostOffice Post { get; } = new();

    public TestClock Clock => watch.Clock;

    public int Deaths { get; private set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Keys and hashes that are quick to make, certificates that end within the year.</summary>
    private static Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["Authority:Profiles:person:PortalKey"] = "EcdsaP256", ["Authority:Profiles:person:Validity"] = "250.00:00:00", ["MyProxy:RefusalDelay"] = "00:00:00",
        ["Mail:MaxPerRecipientPerHour"] = "10000",
    };

    public static async Task<Site> OpenAsync(DatabaseProvider provider)
    {
        var site = new Site(await TestPortal.StartAsync(Settings, provider, services => new CountingHasher().Replace(services)));
        foreach (var node in site.nodes) await BeginAsync(node);
        return site;
    }

    public PortalDbContext Look() => watch.NewDb();

    /// <summary>A node dies at its n-th write from now.</summary>
    public void Doom(int place, int writes) => nodes[place].Life.DieAfter(writes);

    /// <summary>Somebody does something at a node; when that dies, or somebody else was faster, looks whether it is done, and does it again if not, at the other.</summary>
    public async Task DoAsync(int place, Func<TestPortal, Task> act, Func<PortalDbContext, Task<bool>> isDone)
    {
        for (var tries = 1; ; tries++)
        {
            var node = nodes[(place + tries) % nodes.Length];
            try
            {
                await act(node.Portal);
                return;
            }
            catch (Exception error) when (node.Life.IsDead || (error is ServiceException && tries < MostTries))
            {
                if (node.Life.IsDead) await ReviveAsync(node);
            }

            await using var db = Look();
            if (await isDone(db)) return;
        }
    }

    /// <summary>Every node does this at the same time; one that dies of it is started again.</summary>
    public Task OnEachAsync(Func<TestPortal, Task> work) => Task.WhenAll(nodes.Select(node => Task.Run(async () =>
    {
        try
        {
            await work(node.Portal);
        }
        catch (Exception) when (node.Life.IsDead)
        {
            // It is started again below.
        }

        if (node.Life.IsDead) await ReviveAsync(node);
    }, Ct)));

    /// <summary>The job's occurrence at this instant, on all nodes at once.</summary>
    public Task RunJobAsync(string name) => OnEachAsync(async portal =>
    {
        var occurrence = portal.Get<JobSchedule>().Get(name).Latest(Clock.Now) ?? throw new InvalidOperationException($"{name} is never due.");
        await portal.Get<JobRunner>().RunOccurrenceAsync(name, occurrence, Ct);
    });

    /// <summary>Until nothing is due that is not done, on all nodes at once.</summary>
    public async Task DrainAsync()
    {
        do
        {
            await OnEachAsync(portal => portal.DrainOutboxAsync());
        }
        while (await IsAnyDueAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.Portal.DisposeAsync();
        await watch.DisposeAsync();
        reviving.Dispose();
    }

    private async Task<bool> IsAnyDueAsync()
    {
        await using var db = Look();
        var now = Clock.Now;
        return await db.Outbox.AnyAsync(item => item.Status == OutboxStatus.Pending && item.DueAt <= now, Ct);
    }

    private Node Start(int place)
    {
        var life = new NodeLife();
        var settings = Settings;
        settings["Portal:HttpsPort"] = $"{9001 + place}";
        return new Node(place, watch.StartBeside(settings, services =>
        {
            new CountingHasher().Replace(services);
            services.AddSingleton<IInterceptor>(life);
            services.RemoveAll<IMailTransport>().AddSingleton(Post.From(life, Clock));
        }), life);
    }

    /// <summary>What a process does when it starts.</summary>
    private static async Task BeginAsync(Node node)
    {
        await node.Portal.Get<OutboxWorker>().ReleaseOwnLeasesAsync(Ct);
        await node.Portal.Get<JobCatchUp>().RunAsync(Ct);
    }

    private async Task ReviveAsync(Node dead)
    {
        await reviving.WaitAsync(Ct);
        try
        {
            if (nodes[dead.Place] != dead) return; // Somebody else has done it.
            Deaths++;
            var born = Start(dead.Place);
            await BeginAsync(born);
            nodes[dead.Place] = born;
            await dead.Portal.DisposeAsync();
        }
        finally
        {
            reviving.Release();
        }
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.Interop;

/// <summary>The genuine clients at the second of two portals.</summary>
[Trait("Category", "Interop")]
public sealed class MirrorPortalTests
{
    private const string Passphrase = "correct horse";
    private const string Other = "another horse";

    /// <summary>With <c>-b</c> the client's exit code says that it got the trust roots, too.</summary>
    private const string Received = "A credential has been received";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_LogsOnAtTheSecondPortal_AsLongAsAtTheFirst()
    {
        await using var portals = await TwoPortals.StartAsync();
        await portals.StoreAsync("bob", Passphrase);
        await portals.StoreAsync("carol", Passphrase);

        Assert.Contains("All sites are in step", await portals.RunAsync(), StringComparison.Ordinal);
        Assert.Contains(Received + " for user bob", (await portals.LogOnAsync("bob", Passphrase)).Output, StringComparison.Ordinal);
        Assert.Equal(("bob carol", "bob carol", "bob carol"), await portals.ReadAsync());

        (await portals.Machine.RunAsync($"{Passphrase}\n{Other}\n", "myproxy-change-pass-phrase", "-l", "bob", "-S")).Require("myproxy-change-pass-phrase");
        await portals.RunAsync();
        Assert.DoesNotContain(Received, (await portals.LogOnAsync("bob", Passphrase)).Output, StringComparison.Ordinal);
        Assert.Contains(Received, (await portals.LogOnAsync("bob", Other)).Output, StringComparison.Ordinal);

        await portals.Machine.MustRunAsync("", "myproxy-destroy", "-l", "carol"); // No run: the outbox tells it.
        await portals.First.WaitForAsync(() => SecondHas(portals) == "bob");
        Assert.Contains("invalid credential passphrase", (await portals.LogOnAsync("carol", Passphrase)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondPortalThatWasDown_HasEverything_OnceItIsUp()
    {
        await using var portals = await TwoPortals.StartAsync();
        await portals.StoreAsync("bob", Passphrase);
        await portals.StoreAsync("carol", Passphrase);
        await portals.RunAsync();
        await portals.Second.KillAsync();

        await portals.StoreAsync("dave", Passphrase);
        await portals.Machine.MustRunAsync("", "myproxy-destroy", "-l", "carol");
        var page = await portals.RunAsync();
        Assert.Contains("Not all sites are in step", page, StringComparison.Ordinal);
        Assert.Contains("The portal there can't be reached", page, StringComparison.Ordinal);
        Assert.Equal(("bob dave", "bob carol", "bob dave"), await portals.ReadAsync());

        await portals.Second.RestartAsync();
        await using (var db = portals.First.NewDb())
        {
            // As if ten minutes had passed.
            var waiting = await db.Outbox.Where(item => item.Kind == MirrorErrand.Kind && item.Status == OutboxStatus.Pending).ToListAsync(Ct);
            Assert.Equal(2, waiting.Count);
            foreach (var item in waiting) item.Postpone("", TimeProvider.System.GetUtcNow());
            await db.SaveChangesAsync(Ct);
        }

        await portals.First.WaitForAsync(() => SecondHas(portals) == "bob dave");
        await portals.First.WaitForAsync(() => portals.StatesAsync().GetAwaiter().GetResult().All(state => state is { Error: null, Differing: 0 }));
        Assert.Contains(Received, (await portals.LogOnAsync("dave", Passphrase)).Output, StringComparison.Ordinal);
    }

    private static string SecondHas(TwoPortals portals) => portals.ReadAsync().GetAwaiter().GetResult().Second;
}

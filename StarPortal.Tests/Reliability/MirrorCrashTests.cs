using StarPortal.Tests.MyProxy.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// One of two portals is killed at the n-th instant of a run that stores, replaces and removes at the other and in a genuine server's directory, for each n until it gets through alive. After a
/// restart and a run both sites are as the first one is, and no file of an interrupted write is left.
/// </summary>
[Trait("Category", "Interop")]
public sealed class MirrorCrashTests(ITestOutputHelper output)
{
    private const string Passphrase = "correct horse";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sites_EndInStep_WhereverOneIsKilled(bool killsFirst)
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        await using var portals = await TwoPortals.StartAsync(
            both => killsFirst ? crash.At("1", lastingOnly: true, both.Store) : new Dictionary<string, string>(StringComparer.Ordinal),
            _ => killsFirst ? new Dictionary<string, string>(StringComparer.Ordinal) : crash.At("1", lastingOnly: true));
        var victim = killsFirst ? portals.First : portals.Second;
        var administrator = await portals.AdministratorAsync();
        for (var n = 1; ; n++)
        {
            await ChangeAsync(portals, n);
            var form = PlainBrowser.Fill(await administrator.OpenAsync("/admin/myproxy/mirror"), "run");
            crash.Arm();
            if (await Record.ExceptionAsync(() => administrator.SendAsync(form)) is not null) await portals.First.WaitForExitAsync();
            var died = victim.HasExited;
            crash.Disarm();
            var instants = crash.Instants;
            if (died)
            {
                Assert.Equal(CrashPoint.Killed, await victim.WaitForExitAsync());
                await victim.RestartAsync(crash.At($"{n + 1}", lastingOnly: true, killsFirst ? [portals.Store] : []));
            }

            Assert.Contains("All sites are in step", await portals.RunAsync(), StringComparison.Ordinal);
            await RequireSameAsync(portals);
            output.WriteLine($"{n}: {(instants.Count > 0 ? instants[^1] : "nothing")}");
            if (died) continue;
            Assert.True(n > 3, $"Only {n} instants were met: what is killed there?");
            return;
        }
    }

    /// <summary>Something new, something changed, something gone.</summary>
    private static async Task ChangeAsync(TwoPortals portals, int round)
    {
        await portals.StoreAsync("changing", $"{Passphrase} {round}");
        await portals.StoreAsync($"user{round}", Passphrase);
        if (round > 1) await portals.Machine.MustRunAsync("", "myproxy-destroy", "-l", $"user{round - 1}");
    }

    private static async Task RequireSameAsync(TwoPortals portals)
    {
        var (first, second, store) = await portals.ReadAsync();
        Assert.Equal((first, first), (second, store));
        Assert.Empty(Directory.EnumerateFiles(portals.Store, "*.part"));
        Assert.All(await portals.StatesAsync(), state => Assert.Equal((null, 0), (state.Error, state.Differing)));
    }
}

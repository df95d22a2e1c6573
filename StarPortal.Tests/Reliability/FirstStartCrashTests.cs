using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

[Trait("Category", "Unit")]
public sealed class FirstStartCrashTests
{
    /// <summary>Keys that are made at once: how long they take is not the question here.</summary>
    private static readonly Dictionary<string, string> QuickKeys = new(StringComparer.Ordinal)
    {
        ["Authority:Root:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256), ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstStart_ComesUp_WhenItDiedAfterEachThingThatItLeftBehind(bool demo)
    {
        await using var portal = await PortalApplication.PrepareAsync(new Dictionary<string, string>(QuickKeys, StringComparer.Ordinal) { ["Portal:Demo"] = $"{demo}" });
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        string[] watched = [Path.Combine(portal.DataDirectory, "keys"), Path.Combine(portal.DataDirectory, "pki")];
        foreach (var path in watched) Directory.CreateDirectory(path);

        List<string> deaths = [];
        for (var ready = false; !ready;)
        {
            crash.Arm();
            portal.Start(crash.At(1, lastingOnly: true, watched));
            ready = await portal.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            if (ready) continue;
            Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
            deaths.Add(crash.Instants[^1]);
            Assert.True(deaths.Count < 60, $"It gets nowhere:\n{string.Join('\n', deaths)}");
        }
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', deaths));
    }
}

using StarPortal.Tests.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed at the n-th instant while a genuine client stores a credential and changes its passphrase, for each n until it gets through alive. What the
/// portal itself replaces is killed in <see cref="RecoveryCrashTests"/> and <see cref="RenewalCrashTests"/>.
/// </summary>
[Trait("Category", "Interop")]
public sealed class MyProxyCrashTests(ITestOutputHelper output)
{
    private const string Old = "correct horse";
    private const string New = "another horse";

    [Fact]
    public async Task PutAndChange_LeaveTheOldCredentialOrTheNew_WhereverTheProcessIsKilled()
    {
        using var folder = new TestFolder();
        var crash = new CrashPoint(folder);
        await using var machine = await GridMachine.StartAsync(crash.At("1", lastingOnly: true), ("MyProxy:RefusalDelay", "00:00:00"), ("MyProxy:MaxAttempts", "100"));
        for (var n = 1; ; n++)
        {
            var user = $"user{n}";
            var deaths = 0;
            crash.Arm();
            while (!await DoAsync(machine, $"{Old}\n", "myproxy-init", "-l", user, "-S", "-c", "100")) await RestartAsync();
            while (!await DoAsync(machine, $"{Old}\n{New}\n", "myproxy-change-pass-phrase", "-l", user, "-S"))
            {
                await RestartAsync();
                if (await OpensWithAsync(machine, user, New)) break; // It was changed, and the client did not hear of it.
                Assert.True(await OpensWithAsync(machine, user, Old), $"Neither passphrase opens the credential after {crash.Instants[^1]}");
            }

            crash.Disarm();
            await OpensWithAsync(machine, user, New); // Whatever was on its way when the instants ceased to count has come by when this is answered, or not.
            if (deaths == 0 && crash.Instants.Count >= n) await RestartAsync();
            Assert.True(await OpensWithAsync(machine, user, New));
            Assert.False(await OpensWithAsync(machine, user, Old));
            output.WriteLine($"{n}: {crash.Instants[^1]}");
            if (deaths > 0) continue;
            Assert.True(n > 2, $"Only {n} instants were met: what is killed there?");
            return;

            async Task RestartAsync()
            {
                Assert.Equal(CrashPoint.Killed, await machine.Portal.WaitForExitAsync());
                deaths++;
                crash.Disarm();
                await machine.Portal.RestartAsync(crash.At($"{n + 1}", lastingOnly: true));
            }
        }
    }

    private static async Task<bool> DoAsync(GridMachine machine, string input, params string[] command) => (await machine.RunAsync(input, command)).ExitCode == 0;

    private static Task<bool> OpensWithAsync(GridMachine machine, string user, string passphrase) =>
        DoAsync(machine, $"{passphrase}\n", "myproxy-logon", "-l", user, "-S", "-o", machine["out.proxy"]);
}

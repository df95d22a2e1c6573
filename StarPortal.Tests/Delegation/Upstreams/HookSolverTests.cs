using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Hooks that do well, badly, too much or nothing.</summary>
[Trait("Category", "Unit")]
public sealed class HookSolverTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly TestDnsServer dns = TestDnsServer.Start();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ChallengeTask Asked => new(AcmeIdentifier.Dns("www.example.org"), "token", "token.thumbprint", TimeProvider.System.GetUtcNow());

    private string Said => File.ReadAllText(folder["said"]);

    public ValueTask InitializeAsync()
    {
        dns.Alias("_acme-challenge.www.example.org", "www.challenges.test").Text("challenges.test", "x");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await dns.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Hook_IsTold_WhatToSetWhere()
    {
        var solver = Solver("echo \"$@\" >> said");
        await solver.PresentAsync(Asked, Ct);
        Assert.True(await solver.IsReadyAsync(Asked, Ct));
        await solver.CleanUpAsync(Asked, Ct);
        Assert.Equal($"present www.example.org www.challenges.test {Asked.TextValue}\ncleanup www.example.org www.challenges.test {Asked.TextValue}\n", Said);
    }

    [Fact]
    public async Task Hook_SeesNothingOfThePortalsEnvironment()
    {
        Environment.SetEnvironmentVariable("STARPORTAL_TEST_SECRET", "hidden");
        await Solver("env >> said", ("GIVEN", "yes")).PresentAsync(Asked, Ct);
        Assert.Contains("GIVEN=yes", Said, StringComparison.Ordinal);
        Assert.DoesNotContain("STARPORTAL_TEST_SECRET", Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hook_ThatFails_IsQuoted()
    {
        var error = await FailsAsync(Solver("echo 'zone is'; sleep 0.1; printf 'locked\\033[2J' >&2; exit 7"));
        Assert.Equal((true, "The hook ended with 7, having said: zone is locked [2J."), (error.MayPass, error.Message));
    }

    [Fact]
    public async Task Hook_ThatTalksWithoutEnd_IsQuotedInPart()
    {
        var error = await FailsAsync(Solver("yes 12345678 | head -c 5000000; exit 1"));
        Assert.InRange(error.Message.Length, 1000, 2100);
    }

    [Theory]
    [InlineData("sleep 60")]
    [InlineData("sleep 60 & exit 0")]
    [InlineData("exec sleep 60 > /dev/null 2>&1")]
    public async Task Hook_ThatDoesNotEnd_IsStopped(string script) =>
        Assert.Contains("did not end within 0.5 seconds", (await FailsAsync(Solver(script, timeout: 0.5))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Hook_ThatIsMissing_IsTold()
    {
        var error = await FailsAsync(new HookSolver(new HookSettings(folder["missing"]), Record));
        Assert.Equal((false, true), (error.MayPass, error.Message.Contains("can't be started", StringComparison.Ordinal)));
    }

    private ChallengeRecord Record => new(UpstreamScene.Resolver(dns.Address));

    private HookSolver Solver(string script, (string Name, string Value)? variable = null, double timeout = 30)
    {
        File.WriteAllText(folder["hook"], $"#!/bin/sh\ncd {folder.FullPath}\n{script}\n");
        File.SetUnixFileMode(folder["hook"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var environment = variable is { } one ? new Dictionary<string, string>(StringComparer.Ordinal) { [one.Name] = one.Value } : [];
        return new HookSolver(new HookSettings(folder["hook"]) { Timeout = TimeSpan.FromSeconds(timeout), Environment = environment }, Record);
    }

    private static Task<ChallengeFailedException> FailsAsync(HookSolver solver) => Assert.ThrowsAsync<ChallengeFailedException>(() => solver.PresentAsync(Asked, Ct));
}

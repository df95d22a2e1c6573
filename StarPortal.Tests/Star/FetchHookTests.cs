using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

[Trait("Category", "Unit")]
public sealed class FetchHookTests : IDisposable
{
    private static readonly CertificateLife Life = new(DateTimeOffset.UnixEpoch, new DateTimeOffset(2026, 11, 1, 6, 0, 0, TimeSpan.Zero));

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Hook_KnowsPathAndEnd()
    {
        Assert.Null(await RunAsync($"printf '%s %s' \"$STARPORTAL_CERTIFICATE\" \"$STARPORTAL_NOT_AFTER\" > {folder["out"]}"));
        Assert.Equal("/etc/a b.pem 2026-11-01T06:00:00Z", await File.ReadAllTextAsync(folder["out"], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("exit 3", "ended with 3")]
    [InlineData("/no/such/program 2>/dev/null", "ended with 127")]
    [InlineData("read answer", "ended with 1")] // Nobody is there to answer.
    public async Task Hook_IsToldOf_WhenItFails(string command, string problem) => Assert.Equal(problem, await RunAsync(command));

    [Fact]
    public async Task Hook_IsStopped_WhenItDoesNotEnd() =>
        Assert.Equal("did not end within 0.3 seconds and was stopped", await new FetchHook("tail -f /dev/null", TimeSpan.FromSeconds(0.3)).RunAsync("/x", Life, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Hook_IsStopped_WhenTheProgramIsToEnd() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FetchHook("tail -f /dev/null", TimeSpan.FromMinutes(1)).RunAsync("/x", Life, new CancellationToken(canceled: true)));

    private static Task<string?> RunAsync(string command) => new FetchHook(command, TimeSpan.FromSeconds(30)).RunAsync("/etc/a b.pem", Life, TestContext.Current.CancellationToken);
}

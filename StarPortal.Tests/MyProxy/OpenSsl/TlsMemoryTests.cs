using System.Diagnostics;

namespace StarPortal.Tests.MyProxy.OpenSsl;

/// <summary>Measures the process, so that nothing else may run beside it.</summary>
[CollectionDefinition(nameof(TlsMemoryTests), DisableParallelization = true)]
[Collection(nameof(TlsMemoryTests))]
[Trait("Category", "Unit")]
public sealed class TlsMemoryTests : IDisposable
{
    private readonly TlsScene scene = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_LeaveNoMemoryBehind()
    {
        await OpenManyAsync(1000);
        var before = ResidentBytes();
        await OpenManyAsync(2000);
        Assert.InRange(ResidentBytes() - before, long.MinValue, 24L * 1024 * 1024);
    }

    public void Dispose() => scene.Dispose();

    private async Task OpenManyAsync(int count)
    {
        for (var done = 0; done < count; done++)
        {
            var (client, server) = await scene.OpenAsync();
            await server.WriteAsync(new byte[2000], Ct);
            server.Dispose();
            await client.DisposeAsync();
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}

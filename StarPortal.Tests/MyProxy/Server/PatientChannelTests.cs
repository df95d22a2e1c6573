using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Wire;

namespace StarPortal.Tests.MyProxy.Server;

[Trait("Category", "Unit")]
public sealed class PatientChannelTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "The connection was idle for too long.")]
    [InlineData(false, "The request took too long.")]
    public async Task Read_IsRefused_WhenNothingComesInTime(bool isIdle, string why)
    {
        var channel = new PatientChannel(new MemoryChannel([], staysSilent: true), isIdle ? Short : Long, isIdle ? Long : Short);
        Assert.Equal(why, (await Assert.ThrowsAsync<ServiceException>(async () => await channel.ReadAsync(new byte[10], Ct))).Message);
    }

    /// <summary>However often one byte more comes.</summary>
    [Fact]
    public async Task Read_IsRefused_WhenAllOfItTakesTooLong()
    {
        var channel = new PatientChannel(new EndlessChannel(), Long, Short);
        await Assert.ThrowsAsync<ServiceException>(async () => { while (await channel.ReadAsync(new byte[1], Ct) > 0) await Task.Yield(); });
    }

    [Fact]
    public async Task Read_IsCancelled_WhenTheServerEnds()
    {
        using var stop = new CancellationTokenSource(Short);
        var channel = new PatientChannel(new MemoryChannel([], staysSilent: true), Long, Long);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await channel.ReadAsync(new byte[10], stop.Token));
    }
}

/// <summary>A client that always has one byte more.</summary>
internal sealed class EndlessChannel : IChannel
{
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct) => ValueTask.FromResult(1);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken ct) => ValueTask.CompletedTask;
}

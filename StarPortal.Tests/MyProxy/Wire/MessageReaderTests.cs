using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy.Wire;

[Trait("Category", "Unit")]
public sealed class MessageReaderTests
{
    private const string Whole = "VERSION=MYPROXYv2\nCOMMAND=0\nUSERNAME=u\nPASSPHRASE=\nLIFETIME=1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0", "VERSION=1\n\0")]
    [InlineData("0VERSION=1\n\0")]
    [InlineData("0VERS", "ION=1", "\n", "\0")]
    public async Task Request_IsWhole_HoweverItWasCut(params string[] records)
    {
        using var reader = new MessageReader(MemoryChannel.Of(records), TimeSpan.FromSeconds(30));
        Assert.Equal((byte)'0', await reader.ReadByteAsync(Ct));
        Assert.Equal("VERSION=1\n", Encoding.ASCII.GetString(await reader.ReadRequestAsync(Ct)));
    }

    [Fact]
    public async Task Request_IsWhole_WithoutNul_WhenNothingFollows()
    {
        var channel = new MemoryChannel([Encoding.ASCII.GetBytes(Whole[..20]), Encoding.ASCII.GetBytes(Whole[20..])], staysSilent: true);
        using var reader = new MessageReader(channel, TimeSpan.FromMilliseconds(20));
        Assert.Equal(Whole, Encoding.ASCII.GetString(await reader.ReadRequestAsync(Ct)));
    }

    [Fact]
    public async Task Request_IsNotWhole_WithoutItsFields_HoweverLongNothingFollows()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        using var reader = new MessageReader(new MemoryChannel(["VERSION=MYPROXYv2\nCOMM"u8.ToArray()], staysSilent: true), TimeSpan.FromMilliseconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.ReadRequestAsync(limit.Token));
    }

    [Fact]
    public async Task Request_IsEmpty_WhenClientLeaves()
    {
        using var reader = ReaderOf();
        Assert.Empty(await reader.ReadRequestAsync(Ct));
    }

    [Fact]
    public async Task Request_IsRefused_WhenItIsEndless()
    {
        using var reader = ReaderOf(Enumerable.Repeat(new byte[1000].Select(_ => (byte)'x').ToArray(), 2000));
        Assert.StartsWith("Error in myproxy_recv_ex()", (await Assert.ThrowsAsync<ServiceException>(async () => await reader.ReadRequestAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public async Task SigningRequest_EndsWhereItsLengthSays(int recordLength)
    {
        byte[] der = [0x30, 0x82, 0x0b, 0xb8, .. Enumerable.Repeat((byte)7, 3000)];
        using var reader = ReaderOf(((byte[])[.. der, .. "next"u8]).Chunk(recordLength));
        Assert.Equal(der, await reader.ReadSigningRequestAsync(Ct));
        Assert.Equal((byte)'n', await reader.ReadByteAsync(Ct));
    }

    [Theory]
    [InlineData(new byte[] { 0x31, 1, 1 }, "not in DER form")]
    [InlineData(new byte[] { 0x30, 0x80, 0, 0 }, "not in DER form")]
    [InlineData(new byte[] { 0x30, 0x81, 0x05, 1, 2, 3, 4, 5 }, "not in DER form")]
    [InlineData(new byte[] { 0x30, 0x85, 1, 1, 1, 1, 1 }, "not in DER form")]
    [InlineData(new byte[] { 0x30, 0x84, 0xff, 0xff, 0xff, 0xff }, "too large")]
    [InlineData(new byte[] { 0x30, 0x82, 0x40, 0x01 }, "too large")]
    [InlineData(new byte[] { 0x30, 0x10, 1, 2 }, "ends before")]
    [InlineData(new byte[] { 0x30 }, "ends before")]
    [InlineData(new byte[] { }, "ends before")]
    public async Task SigningRequest_IsRefused_WhenItsLengthIsWrong(byte[] sent, string why)
    {
        using var reader = ReaderOf([sent]);
        Assert.Contains(why, (await Assert.ThrowsAsync<ServiceException>(async () => await reader.ReadSigningRequestAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chain_IsReadByCountAndLengths()
    {
        using var reader = ReaderOf(new byte[] { 2, 0x30, 1, 9, 0x30, 2, 8, 8 }.Chunk(3));
        Assert.Equal([[0x30, 1, 9], [0x30, 2, 8, 8]], await reader.ReadChainAsync(Ct));
    }

    [Theory]
    [InlineData(new byte[] { 0 }, "between 1 and 10")]
    [InlineData(new byte[] { 11 }, "between 1 and 10")]
    [InlineData(new byte[] { 255, 0x30, 0 }, "between 1 and 10")]
    [InlineData(new byte[] { 2, 0x30, 1, 9 }, "ends before")]
    [InlineData(new byte[] { 1, 0x30, 1, 9, 0x30, 1, 9 }, "More follows")]
    [InlineData(new byte[] { 1, 0x02, 1, 9 }, "not in DER form")]
    public async Task Chain_IsRefused_WhenItsCountLies(byte[] sent, string why)
    {
        using var reader = ReaderOf([sent]);
        Assert.Contains(why, (await Assert.ThrowsAsync<ServiceException>(async () => await reader.ReadChainAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_EndsAtItsNul()
    {
        using var reader = ReaderOf(new string('p', 50_000).Append('\0').Append('x').Select(part => (byte)part).Chunk(1000));
        Assert.Equal(50_000, (await reader.ReadTextAsync(Ct)).Length);
    }

    [Theory]
    [InlineData(5, "ends before")]
    [InlineData(2_000_000, "too large")]
    public async Task Text_IsRefused_WhenItHasNoEnd(int length, string why)
    {
        using var reader = ReaderOf(Enumerable.Repeat((byte)'p', length).Chunk(16_000));
        Assert.Contains(why, (await Assert.ThrowsAsync<ServiceException>(async () => await reader.ReadTextAsync(Ct))).Message, StringComparison.Ordinal);
    }

    private static MessageReader ReaderOf(IEnumerable<byte[]>? records = null) => new(new MemoryChannel(records ?? []), TimeSpan.FromSeconds(30));
}

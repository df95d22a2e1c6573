using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Garbage, and good messages spoilt: the reader ends with a message or its one exception, never with another, never not at all.</summary>
[Trait("Category", "Unit")]
public sealed class DnsFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Good =
    [
        new DnsReply(7).Question("www.example.org", 1).RecordAt(1, [192, 0, 2, 1]).RecordAt(1, [192, 0, 2, 2]).ToArray(),
        new DnsReply(7).Question("a.example.org", 28).RecordAt(5, [1, (byte)'b', 0xC0, 14]).Record("b.example.org", 28, DnsReply.Address("2001:db8::1")).ToArray(),
        new DnsReply(7).Question("_acme-challenge.example.org", 16).RecordAt(16, DnsReply.Text("one", "two")).RecordAt(16, DnsReply.Text(new string('x', 255))).ToArray(),
        new DnsReply(7).Question("example.org", 257).RecordAt(257, DnsReply.Caa(0, "issue", "ca.example")).Record("", 41, [], section: 3).ToArray(),
        new DnsReply(7, 0x8183).Question("nowhere.example.org", 1).Record("example.org", 6, new byte[30], section: 2).ToArray(),
    ];

    [Fact]
    public void Garbage_IsRefusedOrRead()
    {
        var numbers = new SeededNumbers(1);
        for (var i = 0; i < Rounds; i++) ReadOrRefuse(numbers.Bytes(numbers.Below(600)));
    }

    [Fact]
    public void Garbage_BehindAGoodHeader_IsRefusedOrRead()
    {
        var numbers = new SeededNumbers(2);
        for (var i = 0; i < Rounds; i++) ReadOrRefuse([0, 7, 0x81, 0x80, 0, (byte)numbers.Below(2), 0, (byte)numbers.Below(8), 0, 0, 0, (byte)numbers.Below(2), .. numbers.Bytes(numbers.Below(300))]);
    }

    [Fact]
    public void GoodMessage_WithSpoiltOctets_IsRefusedOrRead()
    {
        var numbers = new SeededNumbers(3);
        for (var i = 0; i < Rounds; i++) ReadOrRefuse(Spoil([.. numbers.Pick(Good)], numbers));
    }

    /// <summary>Names made of little else than pointers: where a careless reader goes round in circles.</summary>
    [Fact]
    public void MazeOfPointers_IsRefusedOrRead()
    {
        var numbers = new SeededNumbers(4);
        for (var i = 0; i < Rounds; i++)
        {
            var reply = new DnsReply(7).Count(1, 400);
            for (var at = 0; at < 300; at++) reply.Raw(numbers.Below(3) == 0 ? [1, (byte)'a'] : [(byte)(0xC0 | numbers.Below(3)), (byte)numbers.Next()]);
            ReadOrRefuse(reply.ToArray());
        }
    }

    /// <summary>A message of 64 KiB in which each name is as long as names get, by pointers.</summary>
    [Fact]
    public void LargestMessage_TakesBoundedMemory()
    {
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        var reply = new DnsReply(7).Question(longest, 5);
        for (var i = 0; i < DnsMessageReader.MaxRecords; i++) reply.RecordAt(5, [0xC0, 12]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(DnsMessageReader.MaxRecords, DnsMessageReader.Read(reply.ToArray()).Answers.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void GoodMessages_AreRead() => Assert.All(Good, message => Assert.Equal(7, DnsMessageReader.Read(message).Id));

    private static byte[] Spoil(byte[] message, SeededNumbers numbers)
    {
        for (var changes = 1 + numbers.Below(4); changes > 0; changes--) message[numbers.Below(message.Length)] = (byte)numbers.Next();
        return numbers.Below(3) switch
        {
            0 => message[..numbers.Below(message.Length)],
            1 => [.. message, .. numbers.Bytes(numbers.Below(20))],
            _ => message,
        };
    }

    private static void ReadOrRefuse(byte[] octets)
    {
        try
        {
            DnsMessageReader.Read(octets);
        }
        catch (DnsFormatException)
        {
            // The one way to refuse.
        }
    }
}

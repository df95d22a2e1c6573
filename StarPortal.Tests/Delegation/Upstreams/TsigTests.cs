using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Signed messages (RFC 8945), written and verified; what a server's answers may be damaged to.</summary>
[Trait("Category", "Unit")]
public sealed class TsigTests
{
    private const int Rounds = 20_000;

    private static readonly DateTimeOffset Now = TestClock.ProcessStart;

    [Fact]
    public void Update_IsAsTheStandardHasIt()
    {
        var update = new DnsUpdate(DnsName.Parse("a.b"), DnsName.Parse("c.a.b"), "xy", 60, IsDeletion: false);
        Assert.Equal("1234280000010000000100000161016200000600010163016101620000100001" + "0000003c" + "0003" + "027879", Convert.ToHexStringLower(update.Write(0x1234)));
        Assert.Equal("1234280000010000000100000161016200000600010163016101620000" + "1000fe" + "00000000" + "0003" + "027879", Convert.ToHexStringLower((update with { IsDeletion = true }).Write(0x1234)));
    }

    /// <summary>The MAC made here, octet by octet, and not by what is tested.</summary>
    [Fact]
    public void Signature_IsOverMessageAndVariables()
    {
        var key = Key();
        byte[] message = [0x12, 0x34, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var signed = Tsig.Sign(message, key, DateTimeOffset.FromUnixTimeSeconds(0x0001_0000_0002), out var mac);
        byte[] variables = [3, .. "key"u8, 0, 0, 255, 0, 0, 0, 0, 11, .. "hmac-sha256"u8, 0, 0, 1, 0, 0, 0, 2, 0x01, 0x2C, 0, 0, 0, 0];
        Assert.Equal(System.Security.Cryptography.HMACSHA256.HashData(key.Secret, message.Concat(variables).ToArray()), mac);
        Assert.Equal(1, signed[11]);
        var record = TsigRecord.Find(signed)!;
        Assert.Equal((12, 0x0001_0000_0002, 300, 0x1234, 0), (record.Start, record.TimeSigned, record.Fudge, record.OriginalId, record.Error));
        Assert.Equal(mac, record.Mac);
    }

    [Theory]
    [InlineData(TsigAlgorithm.HmacSha256)]
    [InlineData(TsigAlgorithm.HmacSha512)]
    public void Answer_IsBelieved_WhenItIsSigned(TsigAlgorithm algorithm) => Assert.Null(Tsig.FindProblem(Answer(Key(algorithm)), Key(algorithm), QuestionMac, Now));

    [Fact]
    public void Answer_IsBelieved_WithAnotherId_WhenTheServerForwarded()
    {
        var answer = Answer(Key());
        answer[0] ^= 0xFF; // The original id is in the record.
        Assert.Null(Tsig.FindProblem(answer, Key(), QuestionMac, Now));
    }

    [Fact]
    public void Answer_IsNotBelieved_WhenSomethingIsWrong()
    {
        Assert.Equal("is not signed", Tsig.FindProblem(Unsigned, Key(), QuestionMac, Now));
        Assert.Contains("another key", Tsig.FindProblem(Answer(Key() with { Name = DnsName.Parse("other") }), Key(), QuestionMac, Now), StringComparison.Ordinal);
        Assert.Contains("another key", Tsig.FindProblem(Answer(Key(TsigAlgorithm.HmacSha512)), Key(), QuestionMac, Now), StringComparison.Ordinal);
        Assert.Contains("wrong", Tsig.FindProblem(Answer(Key() with { Secret = [1] }), Key(), QuestionMac, Now), StringComparison.Ordinal);
        Assert.Contains("wrong", Tsig.FindProblem(Answer(Key()), Key(), [1, 2, 3], Now), StringComparison.Ordinal);
        Assert.Contains("far from", Tsig.FindProblem(Answer(Key()), Key(), QuestionMac, Now.AddSeconds(301)), StringComparison.Ordinal);
        Assert.Null(Tsig.FindProblem(Answer(Key()), Key(), QuestionMac, Now.AddSeconds(-300)));
    }

    /// <summary>No bit of what is signed can be changed unseen: of the message all but its id, and of the record all but its time to live and the case of names.</summary>
    [Fact]
    public void Answer_IsNotBelieved_WhenABitIsChanged()
    {
        var good = Answer(Key());
        for (var bit = 16; bit < good.Length * 8; bit++)
        {
            var spoilt = good.ToArray();
            spoilt[bit / 8] ^= (byte)(1 << (bit % 8));
            if (IsTimeToLive(bit / 8) || IsUpperCase(good[bit / 8], spoilt[bit / 8])) continue;
            Assert.NotNull(ProblemOf(spoilt));
        }
    }

    [Fact]
    public void Key_IsParsed_AndDoesNotShowItsSecret()
    {
        Assert.True(TsigKey.TryParse("Key.Example.", "HMAC-SHA512", "c2VjcmV0", out var key));
        Assert.Equal(("key.example (hmac-sha512)", "secret"), (key.ToString(), System.Text.Encoding.ASCII.GetString(key.Secret)));
    }

    [Theory]
    [InlineData("key", "hmac-md5", "c2VjcmV0")]
    [InlineData("key", "hmac-sha256", "*")]
    [InlineData("key", "hmac-sha256", "")]
    [InlineData("k ey", "hmac-sha256", "c2VjcmV0")]
    public void Key_IsRefused(string name, string algorithm, string secret) => Assert.False(TsigKey.TryParse(name, algorithm, secret, out _));

    [Fact]
    public void Garbage_IsRefusedOrRead()
    {
        var numbers = new SeededNumbers(8945);
        for (var i = 0; i < Rounds; i++) ProblemOf(numbers.Bytes(numbers.Below(300)));
        for (var i = 0; i < Rounds; i++) ProblemOf([0, 7, 0xA8, 0, 0, (byte)numbers.Below(2), 0, 0, 0, (byte)numbers.Below(3), 0, (byte)numbers.Below(3), .. numbers.Bytes(numbers.Below(200))]);
    }

    [Fact]
    public void Answer_Spoilt_IsRefused()
    {
        var numbers = new SeededNumbers(2136);
        for (var i = 0; i < Rounds; i++)
        {
            var spoilt = Answer(Key());
            for (var changes = 1 + numbers.Below(4); changes > 0; changes--) spoilt[2 + numbers.Below(spoilt.Length - 2)] = (byte)numbers.Next();
            ProblemOf(numbers.Below(2) == 0 ? spoilt[..numbers.Below(spoilt.Length)] : [.. spoilt, .. numbers.Bytes(numbers.Below(5))]);
        }
    }

    [Fact]
    public void WhatIsSigned_IsVerified_Whatever() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), (secret, questionMac) =>
    {
        var key = Key() with { Secret = secret };
        return Tsig.FindProblem(Answer(key, questionMac), key, questionMac, Now) is null && Tsig.FindProblem(Answer(key, questionMac), key, [.. questionMac, 0], Now) is not null;
    }).QuickCheckThrowOnFailure();

    private static byte[] QuestionMac => [9, 8, 7];

    private static byte[] Unsigned => [0, 7, 0xA8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 6, 0, 1];

    private static TsigKey Key(TsigAlgorithm algorithm = TsigAlgorithm.HmacSha256) => new(DnsName.Parse("key"), algorithm, "a secret of the two"u8.ToArray());

    private static byte[] Answer(TsigKey key) => Answer(key, QuestionMac);

    /// <summary>As a server signs (RFC 8945 5.3): the question's MAC goes before the message.</summary>
    private static byte[] Answer(TsigKey key, byte[] questionMac)
    {
        var prefix = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)questionMac.Length);
        var unsigned = Unsigned;
        Tsig.Sign([.. prefix, .. questionMac, .. unsigned], key, Now, out var mac);
        var data = new DnsWriter().Name(key.AlgorithmName).U48(Now.ToUnixTimeSeconds()).U16(300).U16(mac.Length).Raw(mac).U16(7).U16(0).U16(0).ToArray();
        unsigned[11] = 1;
        return new DnsWriter().Raw(unsigned).Name(key.Name).U16(250).U16(255).U32(0).U16(data.Length).Raw(data).ToArray();
    }

    private static string? ProblemOf(byte[] answer)
    {
        try
        {
            return Tsig.FindProblem(answer, Key(), QuestionMac, Now);
        }
        catch (DnsFormatException)
        {
            return "is not a message";
        }
    }

    private static bool IsTimeToLive(int octet) => octet - (Unsigned.Length + 5 + 4) is >= 0 and < 4;

    /// <summary>Names are compared without regard to case; only the record's own are not under the MAC as they stand.</summary>
    private static bool IsUpperCase(byte good, byte spoilt) => char.IsAsciiLetterLower((char)good) && (good ^ spoilt) == 0x20;
}

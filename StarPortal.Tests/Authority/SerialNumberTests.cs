using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class SerialNumberTests
{
    [Fact]
    public void New_NeverRepeatsAndSpreadsOverAllBits_WhenMadeTenThousandTimes()
    {
        var serials = Enumerable.Range(0, 10_000).Select(_ => SerialNumber.New()).ToList();
        Assert.Equal(serials.Count, serials.Distinct().Count());
        foreach (var bit in Enumerable.Range(0, 128))
        {
            var ones = serials.Count(serial => (serial.ToBytes()[bit / 8] >> (7 - (bit % 8)) & 1) == 1);
            Assert.InRange(ones, 4_500, 5_500); // ten standard deviations
        }
    }

    [Fact]
    public void Text_ComesBackAsTheSameNumber_WhateverTheNumber() => Prop.ForAll(Octets, octets =>
    {
        Assert.True(SerialNumber.TryFromInteger([0, .. octets], out var serial));
        Assert.Equal(32, serial.ToString().Length);
        Assert.Equal(serial, SerialNumber.Parse(serial.ToString()));
        Assert.Equal(serial, SerialNumber.Parse(serial.ToString().ToUpperInvariant()));
        Assert.Equal(octets, serial.ToBytes());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("100000000000000000000000000000000")]
    [InlineData("01f0000000000000000000000000000001")]
    [InlineData("0000f0000000000000000000000000000001")]
    [InlineData("-1")]
    [InlineData("0x12")]
    [InlineData(" 12")]
    [InlineData("12g4")]
    public void Parse_SaysThatThereIsNoSuchCertificate_WhenTheTextIsNoSerialNumber(string? text) =>
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<ServiceException>(() => SerialNumber.Parse(text)).Kind);

    [Fact]
    public void Parse_TakesColons_WhenATellingToolPutsThemBetweenOctets() =>
        Assert.Equal("000000000000000000000000000012ab", SerialNumber.Parse("12:AB").ToString());

    [Theory]
    [InlineData("00F0000000000000000000000000000001")]
    [InlineData("00:f0:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01")]
    public void Parse_TakesTheZeroThatDerPutsBeforeAHighBit(string text) =>
        Assert.Equal("f0000000000000000000000000000001", SerialNumber.Parse(text).ToString());

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Integer_IsNotOurs_WhenItIsZeroNegativeOrTooLong(byte[] content) => Assert.False(SerialNumber.TryFromInteger(content, out _));

    private static Arbitrary<byte[]> Octets =>
        Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), 16).Where(octets => octets.Any(octet => octet != 0)).ToArbitrary();
}

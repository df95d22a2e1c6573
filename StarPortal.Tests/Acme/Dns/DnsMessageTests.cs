using System.Net;
using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>The reader against messages that the tests write octet by octet; the writer against the reader.</summary>
[Trait("Category", "Unit")]
public sealed class DnsMessageTests
{
    private const string Owner = "www.example.org";

    private static readonly Arbitrary<string> Names = Gen.ListOf(Gen.ListOf(Gen.Elements("abcxyz019-_*".ToCharArray())).Where(label => label.Count is > 0 and <= 63).Select(label => string.Concat(label)))
        .Select(labels => string.Join('.', labels)).Where(name => name.Length <= 253).ToArbitrary();

    [Fact]
    public void Query_SaysWhatWasAsked_WhateverTheName() => Prop.ForAll(Names, name =>
    {
        var buffer = new byte[DnsQuery.MaxLength];
        var question = new DnsQuestion(DnsName.Parse(name), DnsRecordType.CertificationAuthorityAuthorization);
        var message = DnsMessageReader.Read(buffer.AsSpan(0, DnsQuery.Write(buffer, 0xBEEF, question, withOptions: true)));
        return message.Id == 0xBEEF && !message.IsResponse && message.Question == question;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Query_OfTheLongestName_FitsItsBuffer()
    {
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        var buffer = new byte[DnsQuery.MaxLength];
        Assert.Equal(DnsQuery.MaxLength, DnsQuery.Write(buffer, 1, new DnsQuestion(DnsName.Parse(longest), DnsRecordType.Text), withOptions: true));
    }

    [Fact]
    public void Text_IsJoinedFromItsStrings_WhateverTheyAre() => Prop.ForAll(Gen.ListOf(Gen.Elements("ab \"\\\0\u00ff".ToCharArray())).Select(text => string.Concat(text)).Where(text => text.Length < 500).ToArbitrary(), text =>
    {
        string[] strings = [.. text.Chunk(200).Select(part => new string(part))];
        var message = DnsMessageReader.Read(Reply().RecordAt(TestDnsServer.Txt, DnsReply.Text(strings)).ToArray());
        return message.Answers.Single() is TextRecord record && record.Text == text;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Answer_HasItsRecords()
    {
        var message = DnsMessageReader.Read(Reply()
            .RecordAt(TestDnsServer.Cname, [3, .. "web"u8, 0xC0, 16])
            .Record("WEB.Example.org", TestDnsServer.A, DnsReply.Address("192.0.2.7"))
            .Record("web.example.org", TestDnsServer.Aaaa, DnsReply.Address("2001:db8::7"))
            .Record("web.example.org", TestDnsServer.CaaType, DnsReply.Caa(128, "Issue", "ca.example; a=b"))
            .Record("web.example.org", 99, [1, 2, 3])
            .Record("example.org", 2, DnsReply.NameOctets("ns.example.org"), section: 2)
            .Record("", 41, [], section: 3).ToArray());

        var web = DnsName.Parse("web.example.org");
        Assert.Equal(
            [
                new AliasRecord(DnsName.Parse(Owner), web), new AddressRecord(web, IPAddress.Parse("192.0.2.7")), new AddressRecord(web, IPAddress.Parse("2001:db8::7")),
                new CaaRecord(web, true, "Issue", "ca.example; a=b"),
            ],
            message.Answers);
    }

    [Fact]
    public void Record_OfAnotherClass_IsPassedOver() =>
        Assert.Empty(DnsMessageReader.Read(Reply().Count(1).U16(0xC00C).U16(TestDnsServer.A).U16(3).U16(0).U16(60).U16(4).Raw([1, 2, 3, 4]).ToArray()).Answers);

    [Fact]
    public void Name_WithOddOctets_IsEscaped_AndCannotBeTakenForAnother()
    {
        var message = DnsMessageReader.Read(Reply().RecordAt(TestDnsServer.Cname, [5, (byte)'a', (byte)'.', (byte)'b', 0, 0xFF, 0]).ToArray());
        Assert.Equal(@"a\046b\000\255", Assert.IsType<AliasRecord>(message.Answers.Single()).Target.Text);
    }

    [Fact]
    public void Answer_ThatWasCut_IsReadUpToItsQuestion()
    {
        var message = DnsMessageReader.Read([.. new DnsReply(1, 0x8380).Question(Owner, 16).Count(1).ToArray(), 0xC0]);
        Assert.True(message.IsTruncated);
        Assert.Equal(Owner, message.Question?.Name.Text);
    }

    public static TheoryData<string, byte[]> Lies => new()
    {
        { "empty", [] },
        { "header only in part", [0, 1, 0x81, 0x80, 0, 1] },
        { "fewer records than announced", Reply().Count(1).ToArray() },
        { "more questions than one", Reply().Question(Owner, 1).ToArray() },
        { "65535 records", Reply().Count(1, 65535).ToArray() },
        { "something after the end", [.. Reply().ToArray(), 0] },
        { "pointer to itself", Reply().Count(1).Raw([0xC0, 33]).ToArray() },
        { "pointer forwards", Reply().Count(1).Raw([0xC0, 60]).U16(1).U16(1).Raw(new byte[40]).ToArray() },
        { "pointer into the header", Reply().RecordAt(1, [1, 2, 3, 4], nameAt: 2).ToArray() },
        { "two pointers in a circle", Reply().Count(1).Raw([1, (byte)'a', 0xC0, 37, 1, (byte)'b', 0xC0, 33]).ToArray() },
        { "label that leads through a pointer to itself", Reply().Count(1).Raw([1, (byte)'a', 0xC0, 33]).ToArray() },
        { "unknown kind of label", Reply().Count(1).Raw([0x41, 0]).ToArray() },
        { "label past the end", Reply().Count(1).Raw([63, (byte)'a']).ToArray() },
        { "name of 256 octets", Reply().Count(1).Raw([.. Enumerable.Repeat(new byte[] { 1, (byte)'a' }, 128).SelectMany(label => label), 0]).U16(1).U16(1).Raw(new byte[6]).ToArray() },
        { "data past the end", Reply().Count(1).U16(0xC00C).U16(16).U16(1).U16(0).U16(60).U16(9).Raw([1, 2]).ToArray() },
        { "address of five octets", Reply().RecordAt(1, [1, 2, 3, 4, 5]).ToArray() },
        { "short IPv6 address", Reply().RecordAt(28, [1, 2, 3, 4]).ToArray() },
        { "string longer than its record", Reply().RecordAt(16, [9, 1]).ToArray() },
        { "alias shorter than its record", Reply().RecordAt(5, [0, 0]).ToArray() },
        { "alias longer than its record", Reply().Count(1).U16(0xC00C).U16(5).U16(1).U16(0).U16(60).U16(1).Raw([1, (byte)'a', 0]).ToArray() },
        { "CAA tag longer than its record", Reply().RecordAt(257, [0, 9, (byte)'i']).ToArray() },
        { "CAA without a tag", Reply().RecordAt(257, [0, 0, 1]).ToArray() },
        { "another opcode", new DnsReply(1, 0xA980).Question(Owner, 1).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Message_ThatLies_IsRefused(string lie, byte[] message)
    {
        _ = lie;
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(message));
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("a b")]
    [InlineData("grüße.example")]
    [InlineData(@"a\046b")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org")]
    public void Name_ThatIsNone_IsRefused(string text) => Assert.Throws<DnsFormatException>(() => DnsName.Parse(text));

    [Fact]
    public void Name_ClimbsToTheRoot()
    {
        var name = DnsName.Parse("A.b.Org.");
        Assert.Equal(["a.b.org", "b.org", "org", ".", "."], [$"{name}", $"{name.Parent}", $"{name.Parent.Parent}", $"{name.Parent.Parent.Parent}", $"{DnsName.Root.Parent}"]);
    }

    private static DnsReply Reply() => new DnsReply(1).Question(Owner, 1);
}

using System.Text;
using StarPortal.Core.Mail;

namespace StarPortal.Tests.Mail;

[Trait("Category", "Unit")]
public sealed class MimeReaderTests
{
    [Theory]
    [InlineData("Subject: plain", "plain")]
    [InlineData("SUBJECT:folded\n  over\n\tlines", "folded over lines")]
    [InlineData("Subject: =?utf-8?B?R3LDvMOfZQ==?= =?iso-8859-1?Q?_aus_K=F6ln?=", "Grüße aus Köln")]
    [InlineData("Subject: =?x-unknown?Q?=E9?= and =?broken", "é and =?broken")]
    [InlineData("Subject: =?utf-8*de?q?a_b?= c", "a b c")]
    [InlineData("Subject : spaced", "spaced")]
    public void Header_IsUnfoldedAndDecoded(string head, string text) => Assert.Equal(text, Read($"{head}\n\nbody").Text("Subject"));

    [Theory]
    [InlineData("base64", "utf-8", "R3LD\nvMOfZQ", "Grüße")]
    [InlineData("base64", "utf-8", "R3L*Dv)MOf ZQ==\nrest", "Grüße")]
    [InlineData("quoted-printable", "iso-8859-1", "Gr=FC=\n=DFe =zz=", "Grüße =zz=")]
    [InlineData("QUOTED-PRINTABLE", "windows-1252", "=80 soft=  \r\n break", "€ soft break")]
    [InlineData("8bit", "x-no-such", "plain", "plain")]
    [InlineData("", "utf-7", "+AOQ-", "+AOQ-")]
    public void Content_IsDecoded_WithForbearance(string encoding, string charset, string body, string text) =>
        Assert.Equal(text, Read($"Content-Type: text/plain; charset=\"{charset}\"\nContent-Transfer-Encoding: {encoding}\n\n{body}").DecodeText());

    [Fact]
    public void Multipart_IsTakenApart_WithItsOctetsKept()
    {
        var mail = Read("Content-Type: multipart/mixed;\n boundary=\"a b\"\n\npreamble\n--a b\nContent-Type: text/plain\n\none\n\n--a b \nContent-Type: multipart/alternative; boundary=c\n\n--c\n\ntwo\n--c\n\nthree\n--c--\nepilogue\n--a b--\nend");
        Assert.Equal(["one\n", "two", "three"], mail.Leaves.Select(part => part.DecodeText()));
        Assert.Equal("Content-Type: text/plain\n\none\n", Encoding.ASCII.GetString(mail.Parts[0].Octets.Span));
    }

    [Fact]
    public void Message_KeepsItsParts_WhenLinesEndWithCrLf()
    {
        var mail = Read("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: y\r\n\r\none\r\n\r\n--b--\r\n");
        Assert.Equal("X: y\r\n\r\none\r\n", Encoding.ASCII.GetString(mail.Parts.Single().Octets.Span));
    }

    [Fact]
    public void Nesting_PartsAndHeaders_AreBounded()
    {
        var nested = string.Concat(Enumerable.Range(0, 100).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n"));
        Assert.Equal(MimeReader.MaxDepth + 1, Read($"{nested}\nx").All.Count());
        var many = $"Content-Type: multipart/mixed; boundary=b\n\n{string.Concat(Enumerable.Repeat("--b\n\nx\n", 5_000))}--b--";
        Assert.Equal(MimeReader.MaxParts, Read(many).Leaves.Count());
        Assert.Equal(200, Read($"{string.Concat(Enumerable.Repeat("X: y\n", 1_000))}\nx").Headers.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("no colon")]
    [InlineData(" starts with a blank\n\nx")]
    [InlineData("Content-Type: multipart/mixed; boundary=\n\nx")]
    [InlineData("Content-Type: multipart/mixed; boundary=\"open\n\n--open")]
    [InlineData("Content-Type: ;;;===;\"\n\nx")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b--")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\n\n--b")]
    public void AnyInput_EndsWithAMessage(string source) => Assert.All(Read(source).All, part => Assert.NotNull(part.DecodeText()));

    [Theory]
    [InlineData("a\u0000b\u202ec", 40, "a⟨0000⟩b⟨202e⟩c")]
    [InlineData("one\ntwo\tthree", 40, "one two three")]
    [InlineData("12345678901", 10, "123456789…")]
    public void ShownText_HidesNothing_AndIsBounded(string text, int length, string shown) => Assert.Equal(shown, ShownText.Of(text, length));

    [Fact]
    public void ShownText_MakesLoneSurrogatesHarmless() => Assert.Equal("a\ufffdb", ShownText.Of($"a{(char)0xd800}b", 10));

    private static MimeEntity Read(string source) => MimeReader.Read(Encoding.Latin1.GetBytes(source));
}

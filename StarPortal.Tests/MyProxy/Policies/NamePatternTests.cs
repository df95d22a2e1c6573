using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy.Policies;

[Trait("Category", "Unit")]
public sealed class NamePatternTests
{
    private const string Ada = "/O=Star.Grid/OU=People/CN=Ada Lovelace";

    [Theory]
    [InlineData("*", Ada)]
    [InlineData("*", "<anonymous>")]
    [InlineData("*", "")]
    [InlineData("/O=Star.Grid/*", Ada)]
    [InlineData("*/CN=Ada Lovelace", Ada)]
    [InlineData("/O=Star.Grid/OU=People/CN=Ada?Lovelace", Ada)]
    [InlineData("/O=(Other|Star.Grid)/*", Ada)]
    [InlineData(@"/O=Star\.Grid/*", Ada)]
    [InlineData(@"/O=[A-Z][a-z]+\.Grid/*", Ada)]
    [InlineData(@"/O=Star.[[:alpha:]]\*/*", Ada)]
    [InlineData(@"/O=Star.Grid\?/*", Ada)]
    [InlineData("/O=Star.Grid/OU=[^/]+/CN=[^/]{3,20}", Ada)]
    [InlineData("^/O=Star.Grid/*$", Ada)]
    [InlineData(@"[]a\]b", @"\b")]
    public void Pattern_Fits(string pattern, string name) => Assert.True(NamePattern.Parse(pattern).Matches(name));

    [Theory]
    [InlineData("/O=Star.Grid", Ada)] // The whole name.
    [InlineData("/O=Star.Grid/*", "/C=DE/O=Star.Grid/CN=x")]
    [InlineData("/O=Star.Grid/*", "/O=StarxGrid/CN=x")]
    [InlineData("/O=Grid|/O=Star.Grid", Ada)]
    [InlineData("<anonymous>", Ada)]
    [InlineData("/O=a/*", "/O=A/CN=x")]
    [InlineData("/CN=x", "/CN=x\n")]
    public void Pattern_DoesNotFit(string pattern, string name) => Assert.False(NamePattern.Parse(pattern).Matches(name));

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[a")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("a\\")]
    [InlineData("+")]
    [InlineData("[[:nothing:]]")]
    [InlineData("[z-a]")]
    [InlineData(@"(\?i)a")]
    [InlineData("(((((a{1000}){1000}){1000}){1000}){1000})")]
    public void Text_IsNoPattern(string text) => Assert.Equal(ErrorKind.Invalid, Assert.Throws<ServiceException>(() => NamePattern.Parse(text)).Kind);

    [Fact]
    public void EndlessText_IsNoPattern() => Assert.Throws<ServiceException>(() => NamePattern.Parse(new string('a', NamePattern.MaxLength + 1)));

    [Theory]
    [InlineData(@"(a\*)\*b")]
    [InlineData(@"(a+)+b")]
    [InlineData("((a|a)+)+b")]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    public void Matching_TakesNoTimeToSpeakOf_HoweverCatastrophicThePatternLooks(string pattern)
    {
        var began = TimeProvider.System.GetTimestamp();
        Assert.False(NamePattern.Parse(pattern).Matches(new string('a', 2_000)));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Quoted_FitsItselfOnly()
    {
        const string name = @"/O=a.b*c?d+(e)[f]{g}|h^i$\j";
        Assert.True(NamePattern.Parse(NamePattern.Quote(name)).Matches(name));
        Assert.False(NamePattern.Parse(NamePattern.Quote(name)).Matches(name.Replace('*', 'x')));
    }
}

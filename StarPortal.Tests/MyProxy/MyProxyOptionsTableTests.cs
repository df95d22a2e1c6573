using System.Text.RegularExpressions;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy;

/// <summary>The tables of options and policies in docs/myproxy.md against those that there are.</summary>
[Trait("Category", "Unit")]
public sealed partial class MyProxyOptionsTableTests
{
    [Theory]
    [InlineData("## Options", typeof(MyProxyOptions))]
    [InlineData("## Policies", typeof(MyProxyPolicyOptions))]
    [InlineData("### Options of second sites", typeof(MirrorOptions))]
    [InlineData("#### A site", typeof(MirrorSiteOptions))]
    [InlineData("#### A source", typeof(MirrorSourceOptions))]
    public void Table_NamesEachOptionOnce_AndNothingElse(string heading, Type options) =>
        Assert.Equal(options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(StringComparer.Ordinal), ReadTable(heading).Order(StringComparer.Ordinal));

    /// <summary>What stands in code in the first column.</summary>
    private static IEnumerable<string> ReadTable(string heading)
    {
        var text = File.ReadAllText(Support.Repository.PathOf("docs", "myproxy.md"));
        return text[text.IndexOf($"\n{heading}\n", StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(row => Code().Matches(row.Split('|')[1])).Select(match => match.Groups["name"].Value);
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}

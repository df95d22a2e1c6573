using System.Text.RegularExpressions;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>The table of options in docs/star.md against the options that there are.</summary>
[Trait("Category", "Unit")]
public sealed partial class StarOptionsTableTests
{
    [Fact]
    public void Table_NamesEachOptionOnce_AndNothingElse() =>
        Assert.Equal(typeof(StarOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(StringComparer.Ordinal), ReadTable().Order(StringComparer.Ordinal));

    /// <summary>What stands in code in the first column.</summary>
    private static IEnumerable<string> ReadTable()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "star.md"));
        return text[text.IndexOf("## Options", StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(row => Code().Matches(row.Split('|')[1])).Select(match => match.Groups["name"].Value);
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}

using System.Text.RegularExpressions;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>The tables of options in docs/delegation.md against the options that there are.</summary>
[Trait("Category", "Unit")]
public sealed partial class DelegationOptionsTableTests
{
    [Theory]
    [InlineData("## Options", typeof(DelegationOptions))]
    [InlineData("## Upstreams", typeof(UpstreamOptions))]
    public void Table_NamesEachOptionOnce_AndNothingElse(string heading, Type options) =>
        Assert.Equal(options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(StringComparer.Ordinal), ReadTable(heading).Order(StringComparer.Ordinal));

    /// <summary>What stands in code in the first column.</summary>
    private static IEnumerable<string> ReadTable(string heading)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "delegation.md"));
        return text[text.IndexOf(heading, StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(row => Code().Matches(row.Split('|')[1])).Select(match => match.Groups["name"].Value);
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}

using System.Text.RegularExpressions;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>The blocks of code in a page of docs/, as they stand there.</summary>
internal static partial class Guide
{
    /// <param name="page">Such as delegation.md.</param>
    /// <param name="heading">Of the section, with its signs.</param>
    /// <param name="language">What stands after the fence; empty: nothing does.</param>
    public static IReadOnlyList<string> Blocks(string page, string heading, string language)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", page));
        var start = text.IndexOf($"{heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{page} has no section '{heading}'.");
        var end = text.IndexOf("\n## ", start + heading.Length, StringComparison.Ordinal);
        var section = end < 0 ? text[start..] : text[start..end];
        return [.. Fence().Matches(section).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value)];
    }

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<code>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();
}

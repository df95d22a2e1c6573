using System.Text.RegularExpressions;
using StarPortal.Core.Registry;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>The tables of options in docs/registry.md against the options that there are, and what a start says to those that can't work.</summary>
[Trait("Category", "Unit")]
public sealed partial class RegistryOptionsTests
{
    [Theory]
    [InlineData("## Options", typeof(RegistryOptions))]
    [InlineData("### Outside", typeof(OutsideOptions))]
    public void Table_NamesEachOptionOnce_AndNothingElse(string heading, Type options) =>
        Assert.Equal(options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(StringComparer.Ordinal), ReadTable(heading).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("http://registry.example.org/people", OutsideServer.Secret, "Url")]
    [InlineData("https://registry.example.org/people?x=1", OutsideServer.Secret, "Url")]
    [InlineData("ftp://localhost/", OutsideServer.Secret, "Url")]
    [InlineData("somewhere", OutsideServer.Secret, "Url")]
    [InlineData("https://registry.example.org/people", "short", "SecretFile")]
    [InlineData("https://registry.example.org/people", null, "SecretFile")]
    public void Outside_IsRefused_WhenItCannotWork(string url, string? secret, string named)
    {
        using var folder = new TestFolder();
        if (secret is not null) File.WriteAllText(folder["secret"], secret);
        var result = new OutsideOptionsCheck().Validate(null, new RegistryOptions { Outside = { Url = url, SecretFile = secret is null ? folder["none"] : folder["secret"] } });
        Assert.StartsWith($"Registry:Outside:{named}", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://registry.example.org/people")]
    [InlineData("http://127.0.0.1:8088/people")]
    public void Outside_IsTaken_WhenItCan(string url)
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["secret"], OutsideServer.Secret);
        Assert.True(new OutsideOptionsCheck().Validate(null, new RegistryOptions { Outside = { Url = url, SecretFile = folder["secret"] } }).Succeeded);
        Assert.True(new OutsideOptionsCheck().Validate(null, new RegistryOptions()).Succeeded);
    }

    /// <summary>What stands in code in the first column.</summary>
    private static IEnumerable<string> ReadTable(string heading)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "registry.md"));
        return text[text.IndexOf(heading, StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(row => Code().Matches(row.Split('|')[1])).Select(match => match.Groups["name"].Value);
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}

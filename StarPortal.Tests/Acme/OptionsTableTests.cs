using System.Text.RegularExpressions;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>The table of options in docs/acme.md against the options that there are.</summary>
[Trait("Category", "Unit")]
public sealed partial class OptionsTableTests
{
    [Fact]
    public void Table_NamesEachOptionOnce_AndNothingElse() =>
        Assert.Equal(OptionsOf(typeof(AcmeOptions), "").Order(StringComparer.Ordinal), ReadTable().Order(StringComparer.Ordinal));

    /// <summary>Without what the table is about, the comparison would hold for any table.</summary>
    [Fact]
    public void Options_AreFound_InTheirSections()
    {
        var options = OptionsOf(typeof(AcmeOptions), "").ToList();
        Assert.All(["Http01Port", "Namespaces", "RateLimits:Enabled", "Dns:Rounds", "Validation:CheckCaa"], name => Assert.Contains(name, options));
    }

    private static IEnumerable<string> OptionsOf(Type type, string prefix) => type.GetProperties().Where(property => property.CanWrite).SelectMany(property =>
        property.PropertyType.IsClass && property.PropertyType != typeof(string) && !property.PropertyType.IsArray
            ? OptionsOf(property.PropertyType, $"{prefix}{property.Name}:") : [prefix + property.Name]);

    /// <summary>What stands in code in the first column; <c>:Name</c> is in the section of the name before.</summary>
    private static IEnumerable<string> ReadTable()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "acme.md"));
        var rows = text[text.IndexOf("## Options", StringComparison.Ordinal)..].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'));
        foreach (var row in rows)
        {
            var section = "";
            foreach (var name in Code().Matches(row.Split('|')[1]).Select(match => match.Groups["name"].Value))
            {
                if (name.StartsWith(':'))
                {
                    yield return section + name;
                    continue;
                }

                section = name.Split(':')[0];
                yield return name;
            }
        }
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}

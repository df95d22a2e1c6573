using System.Reflection;
using System.Text.RegularExpressions;

namespace StarPortal.Web.Hosting;

/// <summary>The framework's words for an unusable setting, as one line with the setting's name.</summary>
internal static partial class ConfigurationFailure
{
    /// <param name="optionsType">Has a constant <c>Section</c>.</param>
    /// <param name="failure">A message of ours as it is, or one of the annotations' validator.</param>
    public static string Describe(Type optionsType, string failure)
    {
        var match = Annotation().Match(failure);
        if (!match.Success) return failure;
        var section = optionsType.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as string ?? optionsType.Name;
        return $"{section}:{match.Groups["member"].Value}: {match.Groups["message"].Value}";
    }

    public static string Describe(InvalidOperationException binding)
    {
        var unknown = UnknownSetting().Match(binding.Message);
        return unknown.Success
            ? $"Unknown setting {unknown.Groups["names"].Value} in the section of {unknown.Groups["type"].Value.Split('.')[^1].Replace("Options", "", StringComparison.Ordinal)}."
            : binding.Message;
    }

    [GeneratedRegex("members: '(?<member>[^']*)' with the error: '(?<message>.*)'\\.$", RegexOptions.Singleline, 1000)]
    private static partial Regex Annotation();

    [GeneratedRegex("properties were not found on the instance of (?<type>[^:]+): (?<names>.*)$", RegexOptions.Singleline, 1000)]
    private static partial Regex UnknownSetting();
}

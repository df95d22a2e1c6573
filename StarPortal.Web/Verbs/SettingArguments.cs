namespace StarPortal.Web.Verbs;

/// <summary>Arguments that are configuration, in the forms that .NET's provider reads: <c>--Key=value</c>, <c>--Key value</c>, <c>--demo</c>.</summary>
internal static class SettingArguments
{
    /// <returns>What is wrong, in one sentence, or null.</returns>
    public static string? Problem(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--demo") continue;
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || args[i].Length == 2) return $"'{args[i]}' is neither a verb nor a setting.";
            if (args[i].Contains('=', StringComparison.Ordinal)) continue;
            if (++i == args.Count || args[i].StartsWith("--", StringComparison.Ordinal)) return $"The setting {args[i - 1]} has no value.";
        }

        return null;
    }
}

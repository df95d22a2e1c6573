using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>Where a portal process shall die: the n-th instant after it was armed (see StartupHook.cs).</summary>
internal sealed class CrashPoint(TestFolder folder)
{
    /// <summary>Exit code of a process that SIGKILL ended.</summary>
    public const int Killed = 137;

    private string ArmFile => folder["armed"];

    /// <summary>What was counted since the last <see cref="Arm"/>; the last line is where it died.</summary>
    public IReadOnlyList<string> Instants => File.Exists($"{ArmFile}.log") ? File.ReadAllLines($"{ArmFile}.log") : [];

    public void Arm()
    {
        File.Delete($"{ArmFile}.log");
        File.WriteAllText(ArmFile, "");
    }

    public void Disarm() => File.Delete(ArmFile);

    /// <param name="instant">1 for the first, or words of its description such as a table's name.</param>
    /// <param name="lastingOnly">Only instants after which something is there that was not there before.</param>
    /// <param name="folders">Files that appear here count.</param>
    public Dictionary<string, string> At(string instant, bool lastingOnly = false, params string[] folders) => new(StringComparer.Ordinal)
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(CrashPoint).Assembly.Location,
        ["STARPORTAL_TEST_KILL_AT"] = instant,
        ["STARPORTAL_TEST_ARM"] = ArmFile,
        ["STARPORTAL_TEST_LASTING"] = lastingOnly ? "1" : "",
        ["STARPORTAL_TEST_FOLDERS"] = string.Join(':', folders),
    };
}

using System.Globalization;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>What a process has used of the processors, with its children that have ended: the genuine server makes a child for each connection.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100; // USER_HZ of every Linux that matters here

    public static TimeSpan Of(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // proc(5): from the third field on
        return TimeSpan.FromSeconds(fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }
}

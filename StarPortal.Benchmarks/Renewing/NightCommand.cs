using System.CommandLine;

namespace StarPortal.Benchmarks.Renewing;

internal static class NightCommand
{
    public static Command Create()
    {
        var people = new Option<int[]>("--people")
        {
            Description = "People, each with a certificate that comes to its end; several numbers: a run for each, and the ratio of the last to the first.", AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [10_000, 100_000],
        };
        var command = new Command("renewal-night", "A night in which everybody is to be told that a certificate ends, and the night after it, in which nobody is.") { people };
        command.SetAction((result, ct) => NightBenchmark.RunAsync(result.GetValue(people)!, ct));
        return command;
    }
}

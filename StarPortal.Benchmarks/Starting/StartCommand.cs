using System.CommandLine;

namespace StarPortal.Benchmarks.Starting;

internal static class StartCommand
{
    public static Command Create()
    {
        var runs = new Option<int>("--runs") { Description = "First starts, each with a data directory of its own and followed by a second start.", DefaultValueFactory = _ => 5 };
        var program = new Option<string>("--program") { Description = "The starportal.dll to run.", DefaultValueFactory = _ => PortalLaunch.BuiltProgram };
        var command = new Command("start", "From the process's start to its first page, and what it holds in memory when nobody asks anything.") { runs, program };
        command.SetAction((result, ct) => StartBenchmark.RunAsync(result.GetValue(runs), result.GetValue(program)!, ct));
        return command;
    }
}

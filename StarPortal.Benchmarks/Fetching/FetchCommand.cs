using System.CommandLine;

namespace StarPortal.Benchmarks.Fetching;

internal static class FetchCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Of each measured turn.", DefaultValueFactory = _ => 8 };
        var turns = new Option<int>("--turns") { Description = "Turns of each server; the median counts.", DefaultValueFactory = _ => 5 };
        var connections = new Option<int>("--connections") { Description = "Kept connections.", DefaultValueFactory = _ => 32 };
        var command = new Command("fetch", "Fetches of a star-certificate URL as a share of what a bare endpoint with the same answer reaches.") { seconds, turns, connections };
        command.SetAction((result, ct) => FetchBenchmark.RunAsync(TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(turns), result.GetValue(connections), ct));
        return command;
    }
}

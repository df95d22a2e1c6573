using System.CommandLine;

namespace StarPortal.Benchmarks.Star;

internal static class StarCommand
{
    public static Command Create()
    {
        var orders = new Option<int[]>("--orders") { Description = "Active orders; each number is a run of its own.", DefaultValueFactory = _ => [20_000], AllowMultipleArgumentsPerToken = true };
        var due = new Option<int>("--due") { Description = "How many of them are due at once; default: all.", DefaultValueFactory = _ => int.MaxValue };
        var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database, for one run; default: SQLite." };
        var command = new Command("star", "The renewal engine, end to end and durable: certificates a second as a share of the bare signatures that OpenSSL makes on one core, where the time goes, and recovery after two periods of outage.")
        {
            orders, due, postgres,
        };
        command.SetAction((result, ct) => StarBenchmark.RunAsync(result.GetValue(orders)!, result.GetValue(due), result.GetValue(postgres), ct));
        return command;
    }
}

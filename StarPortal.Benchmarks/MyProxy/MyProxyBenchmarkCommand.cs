using System.CommandLine;

namespace StarPortal.Benchmarks.MyProxy;

internal static class MyProxyBenchmarkCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each server is asked in a round.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "How often the two take turns, by each version of TLS.", DefaultValueFactory = _ => 3 };
        var concurrency = new Option<int>("--concurrency") { Description = "Logons at once.", DefaultValueFactory = _ => 8 };
        var users = new Option<int>("--users") { Description = "Stored credentials of each server.", DefaultValueFactory = _ => 10_000 };
        var idle = new Option<int>("--idle") { Description = "Idle connections beside the last round.", DefaultValueFactory = _ => 2_000 };
        var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; default: SQLite." };
        var hold = new Option<int>("--hold") { Description = "Seconds that both servers stay up afterwards, for another load generator.", DefaultValueFactory = _ => 0 };
        var command = new Command("myproxy", "MyProxy logons beside the genuine myproxy-server (Debian's package), in turns on the same cores: rate, server CPU a logon, and the genuine client in a loop.")
        {
            seconds, rounds, concurrency, users, idle, postgres, hold,
        };
        command.SetAction((result, ct) => MyProxyBenchmark.RunAsync(
            new(TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(rounds), result.GetValue(concurrency), result.GetValue(users), result.GetValue(idle), result.GetValue(postgres),
                TimeSpan.FromSeconds(result.GetValue(hold))), ct));
        return command;
    }
}

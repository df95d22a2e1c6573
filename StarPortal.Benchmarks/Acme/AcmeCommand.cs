using System.CommandLine;

namespace StarPortal.Benchmarks.Acme;

internal static class AcmeCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each series takes, after a warm-up of a third of that.", DefaultValueFactory = _ => 10 };
        var concurrency = new Option<int>("--concurrency") { Description = "Clients, each with an account and a connection of its own.", DefaultValueFactory = _ => 16 };
        var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; default: SQLite." };
        var only = new Option<string?>("--only") { Description = "waived or http-01; default: both." };
        var command = new Command("acme", "Whole ACME flows over HTTPS (order, authorization, finalize, download) against the real application: flows a second, server CPU a flow, p95.")
        {
            seconds, concurrency, postgres, only,
        };
        command.SetAction((result, ct) => AcmeBenchmark.RunAsync(
            TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(concurrency), result.GetValue(postgres), result.GetValue(only), ct));
        return command;
    }
}

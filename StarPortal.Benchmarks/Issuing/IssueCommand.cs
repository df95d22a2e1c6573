using System.CommandLine;

namespace StarPortal.Benchmarks.Issuing;

internal static class IssueCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each series takes.", DefaultValueFactory = _ => 5 };
        var command = new Command("issue", "Certificates a second, from order to saved row, against the bare signature of the same key in the same run.") { seconds };
        command.SetAction((result, ct) => IssueBenchmark.RunAsync(TimeSpan.FromSeconds(result.GetValue(seconds)), ct));
        return command;
    }
}

using System.CommandLine;

namespace StarPortal.Benchmarks.MyProxy;

internal static class ProxyCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each series runs", DefaultValueFactory = _ => 5 };
        var command = new Command("proxy", "Issuing RFC 3820 proxies: what is on top of the signature and of the check of the request's.") { seconds };
        command.SetAction(parsed => ProxyBenchmark.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds))));
        return command;
    }
}

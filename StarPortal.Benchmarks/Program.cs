using System.CommandLine;
using StarPortal.Benchmarks.Acme;
using StarPortal.Benchmarks.Fetching;
using StarPortal.Benchmarks.Issuing;
using StarPortal.Benchmarks.MyProxy;
using StarPortal.Benchmarks.Pages;
using StarPortal.Benchmarks.Renewing;
using StarPortal.Benchmarks.Star;
using StarPortal.Benchmarks.Starting;

var root = new RootCommand("Measures StarPortal on this machine: pages over a large database, issuing, ACME, STAR, fetching, MyProxy, the renewal night, start and memory. Exit code 1 only when something fails, never for a figure.")
{
    PagesCommand.Create(),
    IssueCommand.Create(),
    ProxyCommand.Create(),
    StartCommand.Create(),
    AcmeCommand.Create(),
    StarCommand.Create(),
    FetchCommand.Create(),
    MyProxyBenchmarkCommand.Create(),
    NightCommand.Create(),
    BareServer.CreateCommand(),
};
return await root.Parse(args).InvokeAsync();

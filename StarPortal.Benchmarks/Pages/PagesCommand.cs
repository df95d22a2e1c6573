using System.CommandLine;
using StarPortal.Benchmarks.Seeding;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.Pages;

internal static class PagesCommand
{
    public static Command Create()
    {
        var certificates = new Option<int>("--certificates") { Description = "Certificates in the database.", DefaultValueFactory = _ => 100_000 };
        var requests = new Option<int>("--requests") { Description = "Requests in the database, a tenth of them open.", DefaultValueFactory = _ => 10_000 };
        var organisations = new Option<int>("--organisations") { Description = "Organisations besides the demo's.", DefaultValueFactory = _ => 20 };
        var officers = new Option<int>("--officers") { Description = "Officers in each organisation.", DefaultValueFactory = _ => 3 };
        var gets = new Option<int>("--gets") { Description = "Measured requests of each page.", DefaultValueFactory = _ => 100 };
        var data = new Option<string?>("--data") { Description = "A data directory to seed and keep; one that has a database already is used as it is. Default: a temporary one." };
        var program = new Option<string>("--program") { Description = "The starportal.dll to run.", DefaultValueFactory = _ => PortalLaunch.BuiltProgram };
        var command = new Command("pages", "Answer times of queue, search, audit and status pages over a large SQLite database, asked one after the other.")
        {
            certificates, requests, organisations, officers, gets, data, program,
        };
        command.SetAction(async (result, ct) =>
        {
            using var folder = new WorkFolder(result.GetValue(data));
            var plan = new SeedPlan(result.GetValue(certificates), result.GetValue(requests), result.GetValue(organisations), result.GetValue(officers));
            await PagesBenchmark.SeedAsync(folder, plan, ct);
            return await PagesBenchmark.RunAsync(folder, result.GetValue(program)!, result.GetValue(gets), ct);
        });
        return command;
    }
}

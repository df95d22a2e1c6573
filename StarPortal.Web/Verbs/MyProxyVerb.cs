using System.CommandLine;
using System.Globalization;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Verbs;

/// <summary>The MyProxy repository without a browser: what a genuine server's administration tools do.</summary>
internal static class MyProxyVerb
{
    private static readonly Actor Operator = Actor.System("command line");

    private static readonly Option<string> AnyUser = new("--user") { Description = "MyProxy user name." };

    private static readonly Option<string> User = new("--user") { Description = "MyProxy user name.", Required = true };

    private static readonly Option<string> AnyName = new("--name") { Description = "Credential name; '' for the one without a name." };

    private static readonly Option<string> Name = new("--name") { Description = "Credential name.", DefaultValueFactory = _ => "" };

    private static readonly Option<string> Owner = new("--owner") { Description = "Owner, such as /O=Grid/CN=Ada." };

    private static readonly Option<int?> ExpiringHours = new("--expiring-hours") { Description = "Ends within as many hours." };

    private static readonly Option<string> Message = new("--message") { Description = "What whoever tries to log on reads.", Required = true };

    private static readonly Argument<string> Place = new("directory") { Description = "The storage directory of a genuine server, such as /var/lib/myproxy." };

    static MyProxyVerb() => ExpiringHours.Validators.Add(result =>
    {
        var isHours = result.Tokens is not [var token] || (int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= 1_000_000);
        if (!isHours) result.AddError("--expiring-hours is a number from 1 to 1000000.");
    });

    public static Command Make() => new("myproxy", "The MyProxy repository, without a browser.")
    {
        Verb(new Command("query", "Lists stored credentials.") { AnyUser, AnyName, Owner, ExpiringHours }, QueryAsync),
        Verb(new Command("lock", "Keeps clients from a credential.") { User, Name, Message }, LockAsync),
        Verb(new Command("unlock", "Lets clients log on again.") { User, Name }, UnlockAsync),
        Verb(new Command("import", "Takes over the storage directory of a genuine server. May be repeated.") { Place }, ImportAsync),
        Verb(new Command("export", "Writes the repository as a storage directory that a genuine server serves. May be repeated.") { Place }, ExportAsync),
    };

    private static Command Verb(Command command, Func<IServiceProvider, ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction((parsed, ct) => VerbHost.RunAsync(parsed, needsDatabase: true, services => run(services, parsed, ct)));
        return command;
    }

    private static async Task<int> QueryAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        var (search, now) = (services.GetRequiredService<StoredCredentialSearch>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        var query = new StoredCredentialQuery
        {
            UserName = parsed.GetValue(AnyUser), CredentialName = parsed.GetValue(AnyName), Owner = parsed.GetValue(Owner),
            EndsWithin = parsed.GetValue(ExpiringHours) is { } hours ? TimeSpan.FromHours(hours) : null,
        };
        for (var page = 1; ; page++)
        {
            var found = await search.FindAsync(query with { Page = page }, Operator, ct);
            foreach (var view in found.Rows) await Console.Out.WriteLineAsync(Describe(view, now));
            if (page * StoredCredentialSearch.PageSize < found.Total) continue;
            await Console.Error.WriteLineAsync($"{found.Total} credentials.");
            return CommandLine.Done;
        }
    }

    private static async Task<int> LockAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        await services.GetRequiredService<StoredCredentialAdministration>().LockAsync(KeyOf(parsed), parsed.GetRequiredValue(Message), Operator, ct);
        await Console.Out.WriteLineAsync("Locked.");
        return CommandLine.Done;
    }

    private static async Task<int> UnlockAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct)
    {
        await services.GetRequiredService<StoredCredentialAdministration>().UnlockAsync(KeyOf(parsed), Operator, ct);
        await Console.Out.WriteLineAsync("Unlocked.");
        return CommandLine.Done;
    }

    private static async Task<int> ImportAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct) =>
        await ReportAsync("imported", await services.GetRequiredService<RepositoryImport>().ImportAsync(parsed.GetRequiredValue(Place), Operator, ct));

    private static async Task<int> ExportAsync(IServiceProvider services, ParseResult parsed, CancellationToken ct) =>
        await ReportAsync("written", await services.GetRequiredService<RepositoryExport>().ExportAsync(parsed.GetRequiredValue(Place), Operator, ct));

    private static async Task<int> ReportAsync(string what, DirectoryReport report)
    {
        foreach (var problem in report.Problems) await Console.Error.WriteLineAsync(problem);
        await Console.Out.WriteLineAsync($"{report.Done} {what}, {report.Unchanged} as before, {report.Removed} removed, {report.Problems.Count} left out.");
        return report.Problems.Count == 0 ? CommandLine.Done : CommandLine.Failed;
    }

    private static CredentialKey KeyOf(ParseResult parsed) => new(parsed.GetRequiredValue(User), parsed.GetRequiredValue(Name));

    /// <summary>Tabs between: names have no control characters.</summary>
    private static string Describe(StoredCredentialView view, DateTimeOffset now) => string.Join('\t',
        view.UserName, view.CredentialName, view.Owner, $"{view.NotAfter:u}", view.StateAt(now), view.LastUsedAt is { } used ? $"{used:u}" : "never", view.LockMessage ?? "");
}

using System.CommandLine;
using System.Data.Common;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;
using StarPortal.Web.Hosting;

namespace StarPortal.Web.Verbs;

/// <summary>Runs a verb on the portal's services, which are configured as for serving but neither listen nor work by themselves.</summary>
internal static class VerbHost
{
    /// <param name="needsDatabase">Whether the verb works on the data of a portal that was started before.</param>
    /// <returns>The verb's exit code, or 1 after one line on stderr.</returns>
    public static async Task<int> RunAsync(ParseResult parsed, bool needsDatabase, Func<IServiceProvider, Task<int>> verb)
    {
        try
        {
            var builder = PortalHost.CreateBuilder([.. parsed.UnmatchedTokens]);
            builder.Logging.ClearProviders();
            await using var app = builder.Build();
            app.Services.GetService<IStartupValidator>()?.Validate();
            if (needsDatabase) await OpenAsync(app.Services);
            return await verb(app.Services);
        }
        catch (Exception error) when (Explain(error) is { } line)
        {
            await Console.Error.WriteLineAsync($"starportal: {line.ReplaceLineEndings(" ")}");
            return CommandLine.Failed;
        }
    }

    /// <summary>A verb makes no portal: a wrong Portal:DataDirectory is said, not filled.</summary>
    private static async Task OpenAsync(IServiceProvider services)
    {
        var (portal, database) = (services.GetRequiredService<IOptions<PortalOptions>>().Value, services.GetRequiredService<IOptions<DatabaseOptions>>().Value);
        if (database is { Provider: DatabaseProvider.Sqlite, ConnectionString: null } && !File.Exists(portal.PathOf("portal.db")))
            throw new ServiceException(ErrorKind.NotFound, $"There is no portal in {portal.PathOf()}: start it once, or say where it is by --Portal:DataDirectory.");
        if (services.GetService<DemoTime>() is { } demo) await demo.LoadAsync(CancellationToken.None);
    }

    private static string? Explain(Exception error) => error switch
    {
        DbException database => $"The database can't be read: {database.Message}",
        OutboxGivenUpException refused => refused.Message,
        _ => PortalHost.Explain(error),
    };
}

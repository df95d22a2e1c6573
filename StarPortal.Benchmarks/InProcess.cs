using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StarPortal.Web.Hosting;

namespace StarPortal.Benchmarks;

/// <summary>Every room of the product in this process, on a data directory; nothing listens and no job runs.</summary>
internal static class InProcess
{
    public static async Task<WebApplication> OpenAsync(string dataDirectory, TimeProvider clock, IReadOnlyDictionary<string, string?> settings, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "starportal", EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(settings).AddInMemoryCollection([new("Portal:DataDirectory", dataDirectory)]);
        builder.Services.AddLogging(logging => logging.AddSimpleConsole(options => options.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddRooms(builder.Configuration);
        builder.Services.RemoveAll<TimeProvider>().AddSingleton(clock);
        var app = builder.Build();
        await Rooms.SetUpAsync(app.Services, ct);
        return app;
    }
}

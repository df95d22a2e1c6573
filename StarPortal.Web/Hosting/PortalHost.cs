using System.Data.Common;
using System.Reflection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Web.Hosting;

/// <summary>The portal as a process: how it is configured, how it starts and how it says that it can't.</summary>
public static class PortalHost
{
    private const string DemoSwitch = "--demo";

    /// <summary>The released version, without the build's suffix.</summary>
    public static string Version { get; } =
        typeof(PortalHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Configuration and every service; nothing runs yet.</summary>
    /// <param name="args">Configuration such as <c>--Portal:HttpsPort 9443</c>, and <c>--demo</c>.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var demo = args.Contains(DemoSwitch, StringComparer.Ordinal);
        // Configuration and static files lie beside the program, wherever it is started from; data lies below the working directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. args.Where(arg => arg != DemoSwitch)],
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = demo && !NamesEnvironment() ? Environments.Development : null,
        });
        builder.WebHost.UseStaticWebAssets();
        if (demo) builder.Configuration.AddInMemoryCollection([new($"{PortalOptions.Section}:{nameof(PortalOptions.Demo)}", "true")]);

        builder.Services.AddRooms(builder.Configuration);
        builder.Services.AddPortalWeb(builder.Configuration);
        return builder;
    }

    /// <summary>Sets up what is missing, listens, and returns when the process is asked to end.</summary>
    /// <returns>The exit code: 0, or 1 after one line that says what to put right.</returns>
    public static async Task<int> ServeAsync(string[] args)
    {
        try
        {
            await using var app = CreateBuilder(args).Build();
            app.UsePortalWeb();
            app.MapRooms();
            app.MapPortalDoors();
            app.MapPortalPages();
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (Explain(error) is { } line)
        {
            await Console.Error.WriteLineAsync($"starportal: {line}");
            return 1;
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        var ct = app.Lifetime.ApplicationStopping;
        app.Services.GetService<IStartupValidator>()?.Validate();
        var portal = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        var star = app.Services.GetRequiredService<IOptions<StarOptions>>().Value;
        KestrelListeners.RequireFreePorts(
            portal, star, app.Services.GetRequiredService<IOptions<DelegationOptions>>().Value, app.Services.GetRequiredService<IOptions<MyProxyOptions>>().Value);
        await Rooms.SetUpAsync(app.Services, ct);
        if (portal.HttpsPort != 0 || star.HasLookup) await app.Services.GetRequiredService<HostCertificates>().GetOrIssueAsync(HostCertificates.NamesFor(portal), ct);
        var demo = portal.Demo ? await app.Services.GetRequiredService<DemoPersonas>().EnsureAsync(ct) : default;
        if (portal.Demo) await app.Services.GetRequiredService<DemoDelegations>().EnsureAsync(ct);
        if (portal.Demo) await app.Services.GetRequiredService<DemoRegistry>().EnsureAsync(ct);
        await app.StartAsync(ct);
        await StartMessage.WriteAsync(app.Services, demo.AreNew ? demo.Accounts : null, Console.Out, ct);
    }

    /// <summary>What an administrator can put right, in one line; null for what is our own mistake and deserves its stack trace.</summary>
    internal static string? Explain(Exception error) => error switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(failure => ConfigurationFailure.Describe(invalid.OptionsType, failure))),
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } binding => ConfigurationFailure.Describe(binding),
        IOException or UnauthorizedAccessException => $"{error.Message} Portal:DataDirectory has to be a folder that the portal may write to.",
        ServiceException expected => expected.Message,
        AuthorityUnusableException unusable => unusable.Message,
        DbException or InvalidOperationException { InnerException: DbException } =>
            $"The database does not serve: {(error as DbException ?? error.InnerException!).Message.ReplaceLineEndings(" ")} See Database:Provider and Database:ConnectionString.",
        _ => null,
    };

    private static bool NamesEnvironment() =>
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is not null || Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is not null;
}

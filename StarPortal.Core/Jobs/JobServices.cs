using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

/// <param name="DefaultCron">Quartz's form with seconds, UTC.</param>
internal sealed record JobRegistration(Type Type, string DefaultCron);

public static class JobServices
{
    /// <summary>The schedule; in the demo also the clock that can be wound, in place of the <see cref="TimeProvider"/> registered before.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddQuartz(_ => { });
        services.AddSingleton<JobSchedule>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobHistory>();
        services.AddSingleton<JobCatchUp>();
        services.AddHostedService<JobScheduler>();
        services.AddPortalJob<HistoryPruneJob>("0 20 3 * * ?");
        if (configuration.GetValue<bool>($"{PortalOptions.Section}:{nameof(PortalOptions.Demo)}")) AddDemoClock(services);
        return services;
    }

    /// <param name="defaultCron">When it runs unless <c>Jobs:{name}:Cron</c> says otherwise: second, minute, hour, day of month, month, day of week; UTC.</param>
    public static IServiceCollection AddPortalJob<TJob>(this IServiceCollection services, string defaultCron)
        where TJob : class, IPortalJob
    {
        services.TryAddSingleton<TJob>();
        services.AddSingleton(new JobRegistration(typeof(TJob), defaultCron));
        return services;
    }

    /// <summary>Sessions keep to the machine's clock: winding a month forward must not sign out the person who does it.</summary>
    private static void AddDemoClock(IServiceCollection services)
    {
        services.AddSingleton<DemoClock>();
        services.AddSingleton<DemoDeeds>().AddSingleton<DemoTime>();
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(provider => provider.GetRequiredService<DemoClock>()));
        services.ConfigureAll<CookieAuthenticationOptions>(options => options.TimeProvider = TimeProvider.System);
        services.Configure<SecurityStampValidatorOptions>(options => options.TimeProvider = TimeProvider.System);
    }
}

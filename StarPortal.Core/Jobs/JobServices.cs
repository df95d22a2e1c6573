using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Jobs;

/// <param name="DefaultCron">Quartz's form with seconds, UTC.</param>
internal sealed record JobRegistration(Type Type, string DefaultCron);

public static class JobServices
{
    /// <param name="defaultCron">When it runs unless <c>Jobs:{name}:Cron</c> says otherwise: second, minute, hour, day of month, month, day of week; UTC.</param>
    public static IServiceCollection AddPortalJob<TJob>(this IServiceCollection services, string defaultCron)
        where TJob : class, IPortalJob
    {
        services.AddSingleton<TJob>();
        services.AddSingleton(new JobRegistration(typeof(TJob), defaultCron));
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Delegation;

/// <summary>The portal as client of other CAs; part of the room Delegation.</summary>
public static class UpstreamServices
{
    public static IServiceCollection AddUpstreams(this IServiceCollection services)
    {
        services.AddSingleton<UpstreamDialer>();
        services.AddSingleton<UpstreamWait>();
        services.AddSingleton<ChallengeRunner>();
        services.AddSingleton<PresentedChallenges>();
        services.AddSingleton<HttpSolver>();
        services.AddSingleton<ChallengeRecord>();
        return services;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Renewal;

public static class RenewalServices
{
    public static IServiceCollection AddRenewal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RenewalOptions>().Bind(configuration.GetSection(RenewalOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RenewalMails>().AddSingleton<RenewalOfficerMails>().AddSingleton<NoticeMails>().AddSingleton<NoticeWriter>();
        services.AddSingleton<RenewalRules>().AddSingleton<RenewalReader>().AddSingleton<RenewalProof>();
        services.AddSingleton<PersonChanges>().AddSingleton<AddressChanges>().AddSingleton<EntitlementQuestions>().AddSingleton<RenewalSteps>();
        services.AddSingleton<PendingRequests>().AddSingleton<RenewalIssuer>().AddSingleton<RenewalService>();
        services.AddSingleton<DeclineNews>().AddSingleton<DeclineService>();
        services.AddSingleton<MyRenewals>().AddSingleton<EntitlementDesk>().AddSingleton<RenewalFunnel>();
        services.AddPortalJob<RenewalNightJob>("0 0 2 * * ?");
        services.AddPortalJob<LapseDigestJob>("0 30 6 ? * MON");
        return services;
    }
}

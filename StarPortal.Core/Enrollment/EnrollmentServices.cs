using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Enrollment;

public static class EnrollmentServices
{
    public static IServiceCollection AddEnrollment(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EnrollmentOptions>().Bind(configuration.GetSection(EnrollmentOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RequestBacklog>().AddSingleton<RequestsNobodyMayDecide>();
        services.AddSingleton<Requesters>();
        services.AddSingleton<UserNameLookups>();
        services.AddSingleton<CertificatePreviews>();
        services.AddSingleton<EnrollmentChecker>();
        services.AddSingleton<RequestKeys>().AddSingleton<IPassphraseKeys, PendingKeys>();
        services.AddSingleton<RequesterAccounts>();
        services.AddSingleton<EnrollmentMails>();
        services.AddSingleton<RequestRouting>();
        services.AddSingleton<RequestIntake>();
        services.AddSingleton<EnrollmentService>();
        services.AddSingleton<AddressConfirmation>();
        services.AddSingleton<RequesterActions>();
        services.AddSingleton<RequestTracker>();
        services.AddSingleton<PreviewLimit>();
        services.AddSingleton<MyRequests>();
        services.AddSingleton<ReplacementRequests>().AddSingleton<RecoveryIntake>().AddSingleton<RecoveryMails>();
        services.AddSingleton<RecoveryService>().AddSingleton<RecoveryConfirmation>().AddSingleton<IOutboxHandler, RecoveryAskedHandler>();
        services.AddPortalJob<RecoveryPruneJob>("0 35 4 * * ?");
        services.AddPortalJob<UnconfirmedExpiryJob>("0 20 * * * ?");
        return services;
    }
}

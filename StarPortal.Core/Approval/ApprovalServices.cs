using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Approval;

public static class ApprovalServices
{
    public static IServiceCollection AddApproval(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApprovalOptions>().Bind(configuration.GetSection(ApprovalOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DecisionRights>().AddSingleton<IssuingConditions>().AddSingleton<RequestDesk>().AddSingleton<ApprovalService>();
        services.AddSingleton<RequesterMails>().AddSingleton<OfficerMails>().AddSingleton<ApprovalMails>();
        services.AddSingleton<DecisionPreview>().AddSingleton<CardPolicyReader>().AddSingleton<DecisionCardReader>().AddSingleton<ApprovalQueue>();

        services.AddSingleton<QueueSignal>().AddSingleton<IInterceptor>(provider => provider.GetRequiredService<QueueSignal>());
        services.AddSingleton<QueueWatch>().AddHostedService(provider => provider.GetRequiredService<QueueWatch>());

        services.AddSingleton<KeySuccession>().AddSingleton<IssuedKeys>().AddSingleton<RequestIssuer>().AddSingleton<IssueTrouble>().AddSingleton<IOutboxHandler, IssueApprovedHandler>();
        services.AddSingleton<IValidateOptions<ApprovalOptions>, ExternalCaValidator>();
        services.AddSingleton<RequestCompletion>().AddSingleton<CaAddresses>().AddSingleton<CaSigners>().AddSingleton<CaRequests>().AddSingleton<CaAnswers>().AddSingleton<ExternalIssuer>();
        services.AddSingleton<CaMailIntake>().AddSingleton<CaMailNews>().AddSingleton<CaMailHistory>().AddSingleton<CaMailReader>().AddSingleton<CaMailDesk>();
        services.AddPortalJob<CaMailJob>("0 5/10 * * * ?").AddPortalJob<CaSilenceJob>("0 20 7 * * ?");
        services.AddPortalJob<OfficerReminderJob>("0 0 6 * * ?");
        services.AddPortalJob<EscalationJob>("0 5/15 * * * ?");
        services.AddPortalJob<UndecidedExpiryJob>("0 25 * * * ?");
        return services;
    }
}

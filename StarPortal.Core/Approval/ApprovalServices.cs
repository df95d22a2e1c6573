using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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

        services.AddSingleton<IssuedKeys>().AddSingleton<RequestIssuer>().AddSingleton<IssueTrouble>().AddSingleton<IOutboxHandler, IssueApprovedHandler>();
        services.AddPortalJob<OfficerReminderJob>("0 0 6 * * ?");
        services.AddPortalJob<EscalationJob>("0 5/15 * * * ?");
        services.AddPortalJob<UndecidedExpiryJob>("0 25 * * * ?");
        return services;
    }
}

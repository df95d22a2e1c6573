using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Audit;

public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<IInterceptor, AuditChain>()
        .AddSingleton<AuditSearch>()
        .AddSingleton<AuditExport>()
        .AddSingleton<AuditVerifier>();
}

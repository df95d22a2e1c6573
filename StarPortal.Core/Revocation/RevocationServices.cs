using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Revocation;

public static class RevocationServices
{
    public static IServiceCollection AddRevocation(this IServiceCollection services) =>
        services.AddSingleton<RevocationMails>().AddSingleton<RevocationService>();
}

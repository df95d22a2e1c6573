using StarPortal.Core.Acme;
using StarPortal.Core.Approval;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Renewal;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Web.Components.Pages.Admin.Audit;
using StarPortal.Web.Components.Pages.Admin.Mail;
using StarPortal.Web.Components.Pages.Demo;
using StarPortal.Web.Components.Pages.Revocation;
using StarPortal.Web.Hosting.Access;

namespace StarPortal.Web.Hosting;

/// <summary>What the product consists of: one line per room, the same for the server, the verbs and the tests.</summary>
public static class Rooms
{
    public static IServiceCollection AddRooms(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PortalOptions>().Bind(configuration.GetSection(PortalOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddData(configuration);
        services.AddAudit();
        services.AddAuthority(configuration);
        services.AddIdentity(configuration);
        services.AddSingleton<IInvitationMail, InvitationMail>();
        services.AddJobs(configuration);
        services.AddKeyRingSeal();
        services.AddMail(configuration);
        services.AddEnrollment(configuration);
        services.AddCredentials(configuration);
        services.AddMyProxy(configuration);
        services.AddApproval(configuration);
        services.AddAcme(configuration);
        services.AddStar(configuration);
        services.AddDelegation(configuration);
        services.AddRegistry(configuration);
        services.AddRenewal(configuration);
        services.AddRevocation(configuration);
        return services;
    }

    /// <summary>What has to be there before anything listens: schema, then keys. Idempotent.</summary>
    public static async Task SetUpAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<DatabaseSetup>().MigrateAsync(ct);
        if (services.GetService<DemoTime>() is { } demo) await demo.LoadAsync(ct);
        await services.GetRequiredService<AuthoritySetup>().EnsureAsync(ct);
        await services.GetRequiredService<CrlJob>().RunAsync(ct);
    }

    /// <summary>The doors that are not pages.</summary>
    public static IEndpointRouteBuilder MapRooms(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAuthority();
        endpoints.MapEnrollment();
        endpoints.MapCredentials();
        endpoints.MapMyProxy();
        endpoints.MapRevocation();
        endpoints.MapAcme();
        endpoints.MapStar();
        endpoints.MapDelegation();
        endpoints.MapRegistry();
        endpoints.MapAccounts();
        endpoints.MapMailPreviews();
        endpoints.MapAuditExport();
        endpoints.MapDataExport();
        endpoints.MapDemo();
        return endpoints;
    }
}

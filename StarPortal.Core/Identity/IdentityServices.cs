using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Identity;

public static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccountOptions>().Bind(configuration.GetSection(AccountOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddDataProtection().SetApplicationName("StarPortal");
        services.AddIdentityCore<PortalUser>(options =>
        {
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            options.User.AllowedUserNameCharacters = UserNameRules.AllowedCharacters;
        }).AddUserStore<PortalUserStore>();
        // OWASP's figure for PBKDF2-HMAC-SHA512 (password storage cheat sheet, 2025); older hashes are made anew at the next sign-in.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.AddSingleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();

        services.AddSingleton(new WallClock(TimeProvider.System));
        services.AddSingleton<AttemptThrottle>();
        services.AddSingleton<PassphraseCheck>();
        services.AddSingleton<SignInPassphrases>();
        services.AddSingleton<PassphraseChange>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<SignInService>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<AccountSecurity>();
        services.AddSingleton<Actors>();
        services.AddSingleton<AccountRegistrar>();
        services.AddSingleton<MailLinks>();
        services.AddPortalJob<MailLinkPruneJob>("0 45 3 * * ?");
        services.AddSingleton<OfficerDirectory>();
        services.AddSingleton<OrganisationDirectory>();
        services.AddSingleton<OrganisationService>();
        services.AddSingleton<PassphrasePolicy>();
        services.AddSingleton<RoleDirectory>();
        services.AddSingleton<RoleService>();
        services.AddSingleton<InvitationSender>();
        services.AddSingleton<InvitationService>();
        services.AddSingleton<InvitationAcceptance>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<UserAdministration>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<DemoPersonas>();
        services.AddSingleton<DatabaseKeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeyRing>((options, ring) => options.XmlRepository = ring);
        return services;
    }
}

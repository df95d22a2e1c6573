using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;

namespace StarPortal.Core.Identity;

public static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddIdentityCore<PortalUser>(options =>
        {
            options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            options.User.AllowedUserNameCharacters = UserNameRules.AllowedCharacters;
        }).AddEntityFrameworkStores<PortalDbContext>();
        // OWASP's figure for PBKDF2-HMAC-SHA512 (password storage cheat sheet, 2025); older hashes are made anew at the next sign-in.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.AddSingleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();

        services.AddSingleton<Actors>();
        services.AddSingleton<AccountRegistrar>();
        services.AddSingleton<MailLinks>();
        services.AddSingleton<OfficerDirectory>();
        services.AddSingleton<OrganisationDirectory>();
        services.AddSingleton<OrganisationService>();
        services.AddSingleton<PassphrasePolicy>();
        return services;
    }
}

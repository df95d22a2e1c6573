using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// ASP.NET Core Identity's store with two differences: nothing is saved until the service saves its unit of work, audit record included; and
/// the secrets it would keep in the clear (authenticator keys, recovery codes) are protected with the data-protection key ring.
/// </summary>
internal sealed class PortalUserStore : UserOnlyStore<PortalUser, PortalDbContext, Guid>
{
    /// <summary>Where UserStoreBase keeps its own tokens.</summary>
    public const string InternalProvider = "[AspNetUserStore]";
    public const string AuthenticatorKeyName = "AuthenticatorKey";
    public const string RecoveryCodesName = "RecoveryCodes";

    private readonly IDataProtector protector;

    public PortalUserStore(PortalDbContext context, IDataProtectionProvider protection, IdentityErrorDescriber? describer = null)
        : base(context, describer)
    {
        AutoSaveChanges = false;
        protector = protection.CreateProtector("StarPortal.UserTokens.v1");
    }

    /// <summary>The user is tracked: its changes are seen when the unit of work is saved. (The base attaches it anew, which forgets them.)</summary>
    public override Task<IdentityResult> UpdateAsync(PortalUser user, CancellationToken cancellationToken = default)
    {
        user.ConcurrencyStamp = SecureTokens.NewToken();
        return Task.FromResult(IdentityResult.Success);
    }

    public override Task SetTokenAsync(PortalUser user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : Bound(user, name).Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(PortalUser user, string loginProvider, string name, CancellationToken cancellationToken) =>
        await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is { } stored ? Bound(user, name).Unprotect(stored) : null;

    /// <summary>A value moved to another person's row, or under another name, does not open.</summary>
    private IDataProtector Bound(PortalUser user, string name) => protector.CreateProtector(user.Id.ToString("N"), name);
}

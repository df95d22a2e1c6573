using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Identity;

/// <summary>People with passphrases, as the registrar makes them.</summary>
internal static class AccountSupport
{
    public const string Passphrase = "violet harbour lantern seven";

    public static readonly Actor Visitor = Actor.Anonymous("203.0.113.7");

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<PortalUser> AddAccountAsync(this TestPortal portal, string userName, bool isConfirmed = true)
    {
        await using var db = portal.NewDb();
        var user = portal.Get<AccountRegistrar>().Add(db, Account(userName), Visitor);
        user.EmailConfirmed = isConfirmed;
        await db.SaveChangesAsync(Ct);
        return user;
    }

    public static NewAccount Account(string userName) =>
        new() { UserName = userName, FullName = "Maria Kowalska", Email = "maria@example.org", Password = Passphrase };

    /// <summary>Removes accounts and their roles.</summary>
    public static async Task UprootAsync(this TestPortal portal, IEnumerable<Guid> userIds)
    {
        await using var db = portal.NewDb();
        var ids = userIds.ToList();
        await db.Users.Where(user => ids.Contains(user.Id)).ExecuteDeleteAsync(Ct);
    }

    public static async Task<PortalUser> ReloadAsync(this TestPortal portal, Guid id)
    {
        await using var db = portal.NewDb();
        return await db.Users.AsNoTracking().SingleAsync(user => user.Id == id, Ct);
    }

    /// <summary>The actor of a session of this account as it is now.</summary>
    public static async Task<Actor> SignedInAsync(this TestPortal portal, Guid id, bool hasSecondFactor = false)
    {
        var user = await portal.ReloadAsync(id);
        return await portal.Get<Actors>().ResolveAsync(await portal.OpenSessionAsync(user, hasSecondFactor), Visitor.Address, Ct);
    }

    /// <summary>What the cookie says of a browser that this account has just been signed in with.</summary>
    public static async Task<ClaimsPrincipal> OpenSessionAsync(this TestPortal portal, PortalUser user, bool hasSecondFactor = false, string? userAgent = null)
    {
        var session = await portal.Get<SessionRegistry>().OpenAsync(user.Id, userAgent, Visitor.Address, replaced: null, Ct);
        var claims = new ClaimsIdentityOptions();
        return new(new ClaimsIdentity(
        [
            new(claims.UserIdClaimType, user.Id.ToString()), new(claims.SecurityStampClaimType, user.SecurityStamp!), new(Actors.AmrClaim, hasSecondFactor ? "mfa" : "pwd"),
            new(Actors.SessionClaim, session.ToString("N")),
        ], "test"));
    }

    /// <summary>An authenticator app set up; returns its key.</summary>
    public static async Task<(string Key, IReadOnlyList<string> RecoveryCodes)> EnableAuthenticatorAsync(this TestPortal portal, Guid userId)
    {
        var actor = await portal.SignedInAsync(userId);
        var setup = portal.Get<SecondFactors>().NewSetup(userId, actor.Name);
        var codes = await portal.Get<AccountSecurity>().EnableAuthenticatorAsync(setup.SealedKey, portal.CodeNow(setup.Key), Passphrase, actor, Ct);
        return (setup.Key, codes);
    }

    public static string CodeNow(this TestPortal portal, string key) => Totp.Code(key, portal.Get<WallClock>().Now);

    /// <summary>Authenticator codes by the test's clock, too.</summary>
    public static Task<TestPortal> StartAsync() => TestPortal.StartAsync(services: services =>
        services.AddSingleton(provider => new WallClock(provider.GetRequiredService<TestClock>())));

    public static async Task<ServiceException> RefusedAsync(Func<Task> deed, ErrorKind kind)
    {
        var refusal = await Assert.ThrowsAsync<ServiceException>(deed);
        Assert.Equal(kind, refusal.Kind);
        return refusal;
    }
}

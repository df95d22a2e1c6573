using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting.Access;

/// <summary>The cookies of a session: what <see cref="SignInService"/> has decided becomes a cookie here.</summary>
public sealed class Sessions(SignInManager<PortalUser> signIn, SessionRegistry registry, IHttpContextAccessor http)
{
    /// <summary>Between passphrase and second factor: a cookie of its own that opens nothing else.</summary>
    public const string SecondStepScheme = "StarPortal.SecondStep";

    /// <summary>Says on every page that this is a demo persona, who needs no second factor.</summary>
    public const string DemoPersonaClaim = "demo_persona";

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("Sessions begin and end in a request.");

    /// <param name="hasSecondFactor">Whether the person has shown a second factor, or a passkey.</param>
    public async Task OpenAsync(Guid userId, bool hasSecondFactor)
    {
        var user = await signIn.UserManager.FindByIdAsync(userId.ToString()) ?? throw AccountErrors.UserNotFound();
        await Context.SignOutAsync(SecondStepScheme);
        var session = await registry.OpenAsync(
            userId, Context.Request.Headers.UserAgent, Context.Connection.RemoteIpAddress?.ToString(), Actors.SessionOf(Context.User), Context.RequestAborted);
        List<Claim> claims = [new(Actors.AmrClaim, hasSecondFactor ? Actors.MultiFactor : "pwd"), new(Actors.SessionClaim, session.ToString("N"))];
        if (user.IsDemoPersona) claims.Add(new(DemoPersonaClaim, "true"));
        await signIn.SignInWithClaimsAsync(user, isPersistent: false, claims);
    }

    public Task BeginSecondStepAsync(Guid userId) => Context.SignInAsync(
        SecondStepScheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, userId.ToString())], SecondStepScheme)));

    /// <summary>Who has given the passphrase and owes the second factor; null when nobody, or too long ago.</summary>
    public async Task<Guid?> FindSecondStepAsync()
    {
        var result = await Context.AuthenticateAsync(SecondStepScheme);
        return Guid.TryParse(result.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var userId) ? userId : null;
    }

    public async Task CloseAsync()
    {
        await Context.SignOutAsync(IdentityConstants.ApplicationScheme);
        await Context.SignOutAsync(SecondStepScheme);
    }
}

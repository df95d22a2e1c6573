using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting.Access;

/// <summary>What somebody sees who may not open a page: the way to a second factor, the way to sign in (again), or a refusal that explains itself.</summary>
internal sealed class AccessAnswers(Actors actors) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler usual = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && HttpMethods.IsGet(context.Request.Method))
        {
            if (authorizeResult.AuthorizationFailure?.FailureReasons.Any(reason => reason.Message == RoleHandler.NeedsSecondFactor) is true)
            {
                context.Response.Redirect($"/account/security?needed=true&returnUrl={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
                return;
            }

            // A cookie whose account was locked or whose security stamp was changed: sign in again.
            if ((await actors.ResolveAsync(context.User, address: null, context.RequestAborted)).Id is null) authorizeResult = PolicyAuthorizationResult.Challenge();
        }

        await usual.HandleAsync(next, context, policy, authorizeResult);
    }
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting.Access;

/// <summary>The doors of accounts that are not pages: signing out, and the two questions that a browser has to ask before it may use a passkey.</summary>
public static class AccountEndpoints
{
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        var account = endpoints.MapGroup("/account").AddEndpointFilter(RequireAntiforgeryAsync);
        account.MapPost("/sign-out", SignOutAsync);
        account.MapPost("/passkeys/request-options", RequestOptionsAsync);
        account.MapPost("/passkeys/creation-options", CreationOptionsAsync);
        return endpoints;
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions, Actors actors, SignInService signIn, CancellationToken ct)
    {
        await signIn.SignOutAsync(await context.GetActorAsync(actors, ct), ct);
        await sessions.CloseAsync();
        return TypedResults.LocalRedirect("/account/sign-in?signedOut=true");
    }

    /// <summary>For anybody: a challenge for whatever passkey the visitor has. It names no account, so it tells of none.</summary>
    private static async Task<IResult> RequestOptionsAsync(SignInManager<PortalUser> passkeys) =>
        TypedResults.Content(await passkeys.MakePasskeyRequestOptionsAsync(user: null), "application/json");

    /// <summary>For the person who is signed in and has given the passphrase: a challenge for a new passkey.</summary>
    private static async Task<IResult> CreationOptionsAsync(
        HttpContext context, SignInManager<PortalUser> passkeys, Actors actors, AccountSecurity security, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var actor = await context.GetActorAsync(actors, ct);
        var person = await security.BeginPasskeyAsync(form["Input.Passphrase"], actor, ct);
        return TypedResults.Content(await passkeys.MakePasskeyCreationOptionsAsync(person), "application/json");
    }

    private static async ValueTask<object?> RequireAntiforgeryAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)) return await next(context);
        return TypedResults.Problem("This page has been open for too long. Load it again and repeat.", statusCode: StatusCodes.Status400BadRequest);
    }
}

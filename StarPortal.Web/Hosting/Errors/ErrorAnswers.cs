using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting.Errors;

/// <summary>
/// The one translator of what a door let through: the status of an exception, then problem+json (RFC 9457) for programs or the error page
/// for people. What is not a <see cref="ServiceException"/> says nothing outside.
/// </summary>
public static class ErrorAnswers
{
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Gone => StatusCodes.Status410Gone,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
    };

    /// <summary>Between the exception and the page: sets the status, and answers programs at once.</summary>
    public static WebApplication UseErrorAnswers(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = error => error switch
            {
                ServiceException refusal => StatusOf(refusal.Kind),
                BadHttpRequestException bad => bad.StatusCode,
                AntiforgeryValidationException => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status500InternalServerError,
            },
            SuppressDiagnosticsCallback = context => context.Exception is ServiceException,
            ExceptionHandler = WriteAsync,
            CreateScopeForErrors = true,
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext));
        return app;
    }

    /// <summary>Whether the caller is a program: the REST API, or anything that does not name HTML among what it accepts, as browsers do for pages.</summary>
    public static bool WantsProblem(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        || !request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static async Task WriteAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (error is ServiceException { RetryAfter: { } wait }) context.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
        if (!WantsProblem(context.Request))
        {
            await ErrorPageRenderer.WriteAsync(context, error as ServiceException);
            return;
        }

        await TypedResults.Problem(ProblemOf(context.Response.StatusCode, error as ServiceException)).ExecuteAsync(context);
    }

    public static ProblemDetails ProblemOf(int status, ServiceException? refusal)
    {
        var problem = new ProblemDetails { Status = status, Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), Detail = refusal?.Message };
        if (refusal?.Field is { } field) problem.Extensions["field"] = field;
        return problem;
    }
}

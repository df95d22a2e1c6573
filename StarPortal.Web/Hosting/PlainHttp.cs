using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>
/// Over plain HTTP there are only CRL, OCSP and AIA (signed by themselves, and fetched by clients that are just checking a certificate), and what other CAs
/// look at to validate by http-01 (RFC 8555 8.3);
/// people are sent to the same page over HTTPS, and what others post is refused, since it has been seen by whoever listens.
/// </summary>
internal sealed class PlainHttp(RequestDelegate next, IOptions<PortalOptions> portal)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.IsHttps || IsForMachines(request.Path)) return next(context);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            context.Response.Redirect(portal.Value.Link(request.Path + request.QueryString), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        if (request.Path.StartsWithSegments("/acme", StringComparison.Ordinal)) return AcmeAnswers.RefusePlainHttpAsync(context.Response);
        return context.Response.WriteAsync($"Use {portal.Value.BaseUrl}", context.RequestAborted);
    }

    private static bool IsForMachines(PathString path) =>
        path.StartsWithSegments("/pki", StringComparison.Ordinal) || path.StartsWithSegments(PresentedChallengeEndpoints.Path, StringComparison.Ordinal);
}

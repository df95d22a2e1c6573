using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>
/// Over plain HTTP there are only CRL, OCSP and AIA (signed by themselves, and fetched by clients that are just checking a certificate);
/// people are sent to the same page over HTTPS, and what others post is refused, since it has been seen by whoever listens.
/// </summary>
internal sealed class PlainHttp(RequestDelegate next, IOptions<PortalOptions> portal)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.IsHttps || request.Path.StartsWithSegments("/pki", StringComparison.Ordinal)) return next(context);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            context.Response.Redirect(portal.Value.Link(request.Path + request.QueryString), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        if (request.Path.StartsWithSegments("/acme", StringComparison.Ordinal)) return AcmeAnswers.RefusePlainHttpAsync(context.Response);
        return context.Response.WriteAsync($"Use {portal.Value.BaseUrl}", context.RequestAborted);
    }
}

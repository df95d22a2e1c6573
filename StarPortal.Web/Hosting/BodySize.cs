using Microsoft.AspNetCore.Http.Features;

namespace StarPortal.Web.Hosting;

/// <summary>
/// Says at once that a body is larger than its door takes. Without this the limit would strike while the antiforgery check reads the form,
/// and a person with a file too large would be told that the form was open for too long.
/// </summary>
internal sealed class BodySize(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (!(context.Request.ContentLength > limit)) return next(context);
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    }
}

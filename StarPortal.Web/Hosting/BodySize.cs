using Microsoft.AspNetCore.Http.Features;

namespace StarPortal.Web.Hosting;

/// <summary>
/// Says at once that a body is larger than its door takes. Without this the limit would strike while the antiforgery check reads the form,
/// and a person with a file too large would be told that the form was open for too long.
/// </summary>
internal sealed class BodySize(RequestDelegate next)
{
    /// <summary>Up to here the rest is read and thrown away, so that the person sees the answer and not a broken connection.</summary>
    private const long MaxDrained = 32 * 1024 * 1024;

    public Task InvokeAsync(HttpContext context)
    {
        var feature = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (!(context.Request.ContentLength > feature?.MaxRequestBodySize)) return next(context);
        if (feature is { IsReadOnly: false } && context.Request.ContentLength <= MaxDrained) feature.MaxRequestBodySize = MaxDrained;
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    }
}

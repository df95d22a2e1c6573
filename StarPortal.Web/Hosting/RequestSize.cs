namespace StarPortal.Web.Hosting;

/// <summary>Refuses what says of itself that it is too large before any of it is read; Kestrel stops what turns out to be.</summary>
internal sealed class RequestSize(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not > KestrelListeners.MaxRequestBytes) return next(context);
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    }
}

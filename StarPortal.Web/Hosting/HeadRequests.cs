using StarPortal.Core.Acme;

namespace StarPortal.Web.Hosting;

/// <summary>
/// HEAD is answered as GET is, without the content (RFC 9110 9.3.2): pages and doors are mapped for GET, and what checks mailed links asks by
/// HEAD. The server knows the method that was sent and keeps the content back.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Features.Set(AskedByHead.Mark);
        }

        return next(context);
    }
}

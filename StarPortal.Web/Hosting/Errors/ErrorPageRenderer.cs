using Microsoft.AspNetCore.Http.HttpResults;
using StarPortal.Core.Shared;
using StarPortal.Web.Components.Pages.Errors;

namespace StarPortal.Web.Hosting.Errors;

/// <summary>Answers with the error page at the address that was asked for; whoever is not signed in is sent to sign in first.</summary>
internal static class ErrorPageRenderer
{
    public static Task WriteAsync(HttpContext context, ServiceException? refusal)
    {
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status401Unauthorized && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Redirect($"/account/sign-in?returnUrl={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            return Task.CompletedTask;
        }

        var page = new RazorComponentResult<ErrorDocument>(new { Status = status, Detail = refusal?.Message }) { StatusCode = status, PreventStreamingRendering = true };
        return page.ExecuteAsync(context);
    }
}

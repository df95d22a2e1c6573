using StarPortal.Core.Mail;
using StarPortal.Web.Hosting;

namespace StarPortal.Web.Components.Pages.Demo;

/// <summary>What the frame of the demo's inbox shows; absent when there is no demo.</summary>
public static class DemoDoors
{
    public static IEndpointRouteBuilder MapDemo(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<DemoInbox>() is not { } inbox) return endpoints;
        endpoints.MapGet("/demo/inbox/{id:guid}/html", async (Guid id, HttpContext context, CancellationToken ct) =>
            await inbox.FindAsync(id, ct) is { } mail ? MailHtml.Answer(context, mail.Message.Html) : TypedResults.NotFound());
        return endpoints;
    }
}

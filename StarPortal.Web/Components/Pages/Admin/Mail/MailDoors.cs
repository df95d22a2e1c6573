using StarPortal.Core.Mail;
using StarPortal.Web.Hosting;
using StarPortal.Web.Hosting.Access;

namespace StarPortal.Web.Components.Pages.Admin.Mail;

/// <summary>What the frames of the mail pages show.</summary>
public static class MailDoors
{
    public static IEndpointRouteBuilder MapMailPreviews(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/mail/templates/{room}/{name}/html", (string room, string name, MailTemplates templates, HttpContext context) =>
            MailHtml.Answer(context, templates.Preview($"{room}/{name}").Html)).RequireAuthorization(Policies.Administrator);
        return endpoints;
    }
}

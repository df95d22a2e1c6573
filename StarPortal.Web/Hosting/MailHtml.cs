using System.Text;

namespace StarPortal.Web.Hosting;

/// <summary>The HTML part of a mail as an answer for a frame of ours: no scripts, nothing fetched, links open in the whole window.</summary>
internal static class MailHtml
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; " +
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

    public static IResult Answer(HttpContext context, string html)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        var head = html.IndexOf("<head>", StringComparison.OrdinalIgnoreCase);
        var framed = head < 0 ? html : html.Insert(head + "<head>".Length, "<base target=\"_top\">");
        return TypedResults.Content(framed, "text/html", Encoding.UTF8);
    }
}

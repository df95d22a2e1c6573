using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace StarPortal.Tests.Support;

/// <summary>An answer as a browser without JavaScript has it.</summary>
public sealed class HtmlPage(HttpStatusCode status, Uri address, HttpResponseHeaders headers, string source)
{
    public HttpStatusCode Status => status;

    /// <summary>Where it came from, after redirects.</summary>
    public Uri Address => address;

    public HttpResponseHeaders Headers => headers;

    public string Source => source;

    public IHtmlDocument Document { get; } = new HtmlParser().ParseDocument(source);

    /// <summary>The text of the main part, for messages of failing tests.</summary>
    public string Text => string.Join(' ', (Document.QuerySelector("main") ?? Document.Body)?.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);

    /// <summary>The form of this name (<c>@formname</c>), or null.</summary>
    public IHtmlFormElement? FindForm(string name) =>
        Document.Forms.FirstOrDefault(form => form.QuerySelector("input[name=_handler]") is IHtmlInputElement handler && handler.Value == name);

    /// <summary>The form of this name.</summary>
    public IHtmlFormElement Form(string name) => FindForm(name)
        ?? throw new InvalidOperationException($"{address} ({(int)status}) has no form '{name}', only {string.Join(", ", Document.Forms.Select(form => (form.QuerySelector("input[name=_handler]") as IHtmlInputElement)?.Value))}:\n{Text}");
}

using System.Net;
using AngleSharp.Html.Dom;

namespace StarPortal.Tests.Support;

/// <summary>A form as it is sent: where to, and what is in it. It can be sent again.</summary>
public sealed record FilledForm(string Address, bool IsMultipart, IReadOnlyList<KeyValuePair<string, string>> Values)
{
    internal HttpContent ToContent()
    {
        if (!IsMultipart) return new FormUrlEncodedContent(Values);
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in Values) content.Add(new StringContent(value, null, (string?)null), name);
        return content;
    }
}

/// <summary>Somebody with a browser without JavaScript: opens pages, fills forms in, presses buttons. Cookies survive a restart of the portal.</summary>
public sealed class PlainBrowser(PortalApplication portal) : IDisposable
{
    private readonly HttpClient client = portal.NewClient();

    public async Task<HtmlPage> OpenAsync(string address) => await AskAsync(new HttpRequestMessage(HttpMethod.Get, address));

    public async Task<HtmlPage> AskAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("text/html,*/*;q=0.8");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new HtmlPage(
            response.StatusCode, response.RequestMessage!.RequestUri!, response.Headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Fills a form in: what is not named keeps the value that the page gave it.</summary>
    /// <param name="page">Where it is.</param>
    /// <param name="form">Its name.</param>
    /// <param name="values">Field → value; every one has to exist.</param>
    public static FilledForm Fill(HtmlPage page, string form, IReadOnlyDictionary<string, string>? values = null)
    {
        var element = page.Form(form);
        var fields = FieldsOf(element).ToList();
        foreach (var (name, value) in values ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (element.QuerySelector($"[name='{name}']") is null) throw new InvalidOperationException($"The form '{form}' of {page.Address} has no field {name}.");
            fields.RemoveAll(field => field.Key == name);
            fields.Add(new(name, value));
        }

        return new(new Uri(page.Address, element.GetAttribute("action") ?? "").ToString(), element.GetAttribute("enctype") is "multipart/form-data", fields);
    }

    public async Task<HtmlPage> SendAsync(FilledForm form) =>
        await AskAsync(new HttpRequestMessage(HttpMethod.Post, form.Address) { Content = form.ToContent() });

    /// <summary>Opens a page and sends the form on it.</summary>
    public async Task<HtmlPage> SendAsync(string address, string form, IReadOnlyDictionary<string, string>? values = null) =>
        await SendAsync(Fill(await OpenAsync(address), form, values));

    /// <summary>Sends the page's form to this action, and keeps the file that comes back.</summary>
    public async Task<byte[]> DownloadAsync(HtmlPage page, string action, IReadOnlyDictionary<string, string> values)
    {
        var element = page.Document.Forms.Single(form => form.GetAttribute("action") == action);
        var fields = FieldsOf(element).Where(field => !values.ContainsKey(field.Key)).Concat(values).ToList();
        using var content = new FilledForm(action, IsMultipart: false, fields).ToContent();
        using var response = await client.PostAsync(action, content, TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode is HttpStatusCode.OK && response.Content.Headers.ContentDisposition is not null, $"{action} gave no file: {(int)response.StatusCode} {response.RequestMessage!.RequestUri}");
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public async Task SignInAsync(Persona persona)
    {
        var page = await SendAsync("/account/sign-in", "sign-in", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Input.UserName"] = persona.UserName, ["Input.Passphrase"] = persona.Password,
        });
        Assert.True(page.Status is HttpStatusCode.OK && page.FindForm("sign-in") is null, $"{persona.UserName} could not sign in: {(int)page.Status} {page.Text}\n{portal.Output}");
    }

    public void Dispose() => client.Dispose();

    /// <summary>What a browser would send of a form that nobody touched, without the values of its buttons.</summary>
    private static IEnumerable<KeyValuePair<string, string>> FieldsOf(IHtmlFormElement form) => form.Elements.SelectMany(element => element switch
    {
        IHtmlInputElement { Name: { Length: > 0 } name } input => input.Type switch
        {
            "checkbox" or "radio" when !input.IsChecked => Array.Empty<KeyValuePair<string, string>>(),
            "submit" or "file" => [],
            _ => [new(name, input.Value)],
        },
        IHtmlTextAreaElement { Name: { Length: > 0 } name } area => [new(name, area.Value)],
        IHtmlSelectElement { Name: { Length: > 0 } name } select => [new(name, select.Value ?? "")],
        _ => [],
    });
}

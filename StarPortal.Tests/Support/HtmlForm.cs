using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace StarPortal.Tests.Support;

/// <summary>A form of a page, filled in and sent as a browser without scripts would.</summary>
public sealed class HtmlForm
{
    private readonly HttpClient client;
    private readonly Uri address;
    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (byte[] Content, string FileName)> files = new(StringComparer.Ordinal);

    private HtmlForm(HttpClient client, Uri address, IHtmlFormElement form)
    {
        (this.client, this.address) = (client, address);
        foreach (var input in form.QuerySelectorAll<IHtmlInputElement>("input").Where(IsSent)) fields[input.Name!] = input.Value;
        foreach (var area in form.QuerySelectorAll<IHtmlTextAreaElement>("textarea").Where(area => area.Name is not null)) fields[area.Name!] = area.Value;
        foreach (var select in form.QuerySelectorAll<IHtmlSelectElement>("select").Where(select => select.Name is not null)) fields[select.Name!] = select.Value ?? "";
    }

    public string this[string name]
    {
        get => fields[name];
        set => fields[name] = value;
    }

    /// <param name="client">Keeps cookies.</param>
    /// <param name="path">Of the page.</param>
    /// <param name="handler">Its @formname.</param>
    public static async Task<HtmlForm> GetAsync(HttpClient client, string path, string handler)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return Of(client, answer.RequestMessage!.RequestUri!, await ReadAsync(answer), handler);
    }

    public static HtmlForm Of(HttpClient client, Uri address, IHtmlDocument page, string handler) =>
        new(client, address, page.Forms.Single(form => form.QuerySelector<IHtmlInputElement>("input[name=_handler]")?.Value == handler));

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer) =>
        await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    public HtmlForm With(string name, string value)
    {
        this[name] = value;
        return this;
    }

    public HtmlForm WithFile(string name, byte[] content, string fileName)
    {
        files[name] = (content, fileName);
        return this;
    }

    public HtmlForm Without(string name)
    {
        fields.Remove(name);
        return this;
    }

    public async Task<HttpResponseMessage> SendAsync(string? to = null)
    {
        using var body = new MultipartFormDataContent($"form-{fields.Count.ToString(CultureInfo.InvariantCulture)}-boundary");
        foreach (var (name, value) in fields) body.Add(new StringContent(value), name);
        foreach (var (name, (content, fileName)) in files) body.Add(new ByteArrayContent(content), name, fileName);
        return await client.PostAsync(to is null ? address : new Uri(to, UriKind.Relative), body, TestContext.Current.CancellationToken);
    }

    private static bool IsSent(IHtmlInputElement input) =>
        input.Name is not null && input.Type is not ("file" or "submit" or "button") && (input.Type is not ("radio" or "checkbox") || input.IsChecked);
}

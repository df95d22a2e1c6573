using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>
/// The HTML part: one column, system fonts, no images and nothing fetched from anywhere; colours for light and dark. Mail programs that
/// drop the style sheet keep the inline styles, which are readable on either background.
/// </summary>
internal static class MailHtml
{
    private const string Style =
        """
        :root { color-scheme: light dark; supported-color-schemes: light dark; }
        @media (prefers-color-scheme: dark) {
          .page { background: #0c121d !important; color: #e7ebf3 !important; }
          .card { background: #141c2a !important; border-color: #2b374c !important; }
          .label, .foot, .foot a { color: #a3afc4 !important; }
          .button { background: #a9c0ff !important; color: #0d1a38 !important; }
        }
        """;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Render(string subject, IReadOnlyList<MailBlock> blocks, IReadOnlyDictionary<string, string> values, PortalOptions portal)
    {
        var body = new StringBuilder();
        foreach (var block in blocks) Render(body, block, values);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Html.Encode(subject)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body class="page" style="margin:0;padding:24px 12px;background:#f5f6f9;color:#172033;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
            <div class="card" style="max-width:560px;margin:0 auto;padding:24px 28px;background:#ffffff;border:1px solid #d9dee8;border-radius:10px">
            <p class="label" style="margin:0 0 4px;color:#55607a;font-size:14px">{Html.Encode(portal.Name)}</p>
            <h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">{Html.Encode(subject)}</h1>
            {body}</div>
            <p class="foot" style="max-width:560px;margin:12px auto 0;padding:0 28px;color:#55607a;font-size:13px">{Html.Encode(portal.Name)} · <a href="{Html.Encode(portal.BaseUrl.ToString())}" style="color:#55607a">{Html.Encode(portal.BaseUrl.Authority)}</a> · this mail was sent by a machine.</p>
            </body>
            </html>

            """;
    }

    private static void Render(StringBuilder body, MailBlock block, IReadOnlyDictionary<string, string> values)
    {
        switch (block)
        {
            case MailParagraph paragraph:
                body.Append($"<p style=\"margin:0 0 14px;overflow-wrap:anywhere\">{Fill(paragraph.Text)}</p>\n");
                break;
            case MailButton button:
                Button(body, Fill(button.Label), MailTemplate.Fill(button.Link, values, text => text));
                break;
            case MailFacts facts:
                Facts(body, [.. facts.Lines.Select(line => (line.Label, Value: Fill(line.Value))).Where(line => line.Value.Trim().Length > 0)]);
                break;
        }

        string Fill(string text) => MailTemplate.Fill(text, values, Encode);
    }

    private static void Button(StringBuilder body, string label, string link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
            throw MailErrors.Template(label, "a button leads to an http or https address.");
        var href = Html.Encode(link);
        body.Append($"""
            <p style="margin:20px 0 8px"><a class="button" href="{href}" style="display:inline-block;padding:11px 20px;border-radius:8px;background:#2c4a9e;color:#ffffff;font-weight:600;text-decoration:none">{label}</a></p>
            <p class="label" style="margin:0 0 18px;color:#55607a;font-size:13px;overflow-wrap:anywhere">{href}</p>

            """);
    }

    private static void Facts(StringBuilder body, IReadOnlyList<(string Label, string Value)> lines)
    {
        body.Append("<table role=\"presentation\" style=\"width:100%;margin:0 0 14px;border-collapse:collapse\">\n");
        foreach (var (label, value) in lines)
        {
            body.Append("<tr><td class=\"label\" style=\"padding:3px 14px 3px 0;color:#55607a;vertical-align:top;white-space:nowrap\">").Append(Encode(label))
                .Append("</td><td style=\"padding:3px 0;width:100%;overflow-wrap:anywhere\">").Append(value).Append("</td></tr>\n");
        }

        body.Append("</table>\n");
    }

    private static string Encode(string text) => Html.Encode(text.ReplaceLineEndings("\n")).Replace("&#xA;", "<br>", StringComparison.Ordinal);
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.Pages;

/// <summary>The demo's personas, signed in through the page as a person would.</summary>
internal sealed partial class Visitors
{
    private readonly Dictionary<string, HttpClient> clients = new(StringComparer.Ordinal);

    public HttpClient Of(string role) => clients[role];

    public static async Task<Visitors> SignInAsync(PortalProcess portal, CancellationToken ct)
    {
        var visitors = new Visitors();
        visitors.clients[MeasuredPage.Anybody] = portal.NewClient();
        using var accounts = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(portal.Launch.DataDirectory, "demo-accounts.json"), ct));
        foreach (var role in (string[])[MeasuredPage.Officer, MeasuredPage.Administrator])
        {
            var account = accounts.RootElement.GetProperty(role);
            visitors.clients[role] = await SignInAsync(portal.NewClient(), account.GetProperty("userName").GetString()!, account.GetProperty("password").GetString()!, ct);
        }

        return visitors;
    }

    private static async Task<HttpClient> SignInAsync(HttpClient client, string userName, string password, CancellationToken ct)
    {
        var page = await client.GetStringAsync("/account/sign-in", ct);
        var form = FormPattern().Matches(page).Select(match => match.Value).First(text => text.Contains("type=\"password\"", StringComparison.Ordinal));
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (Match input in InputPattern().Matches(form))
        {
            var attributes = AttributePattern().Matches(input.Value).ToDictionary(match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(match.Groups["value"].Value), StringComparer.Ordinal);
            if (!attributes.TryGetValue("name", out var name)) continue;
            fields[name] = attributes.GetValueOrDefault("type") switch
            {
                "hidden" => attributes.GetValueOrDefault("value") ?? "",
                "password" => password,
                _ => userName,
            };
        }

        using var content = new FormUrlEncodedContent(fields);
        using var response = await client.PostAsync(new Uri("/account/sign-in", UriKind.Relative), content, ct);
        return response.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther
            ? client
            : throw new InvalidOperationException($"{userName} could not sign in: {(int)response.StatusCode}");
    }

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormPattern();

    [GeneratedRegex("<input[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InputPattern();

    [GeneratedRegex("""(?<name>[\w-]+)="(?<value>[^"]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AttributePattern();
}

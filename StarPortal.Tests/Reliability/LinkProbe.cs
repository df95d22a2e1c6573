using System.Net;
using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// Opens a mailed link in every way in which something other than its reader opens it: previews, prefetchers, and scanners that run a browser
/// with scripts. Says what it finds fault with.
/// </summary>
internal sealed class LinkProbe(PortalApplication portal, Support.Browser browser)
{
    private static readonly (HttpMethod Method, string? Header, string? Value)[] Ways =
    [
        (HttpMethod.Get, null, null),
        (HttpMethod.Get, null, null),
        (HttpMethod.Head, null, null),
        (HttpMethod.Get, "Purpose", "prefetch"),
        (HttpMethod.Get, "Sec-Purpose", "prefetch;prerender"),
    ];

    public async Task<IReadOnlyList<string>> OpenInEveryWayAsync(Uri link)
    {
        using var visitor = new PlainBrowser(portal);
        List<string> faults = [];
        var before = await DigestAsync();
        foreach (var (method, header, value) in Ways) faults.AddRange(await AskAsync(visitor, method, link, header, value));
        faults.AddRange(await VisitAsync(link));
        var after = await DigestAsync();

        faults.AddRange(before.Where(table => after[table.Key] != table.Value).Select(table => $"opening it changed {table.Key}"));
        var account = await visitor.OpenAsync("/account");
        if (account.Address.AbsolutePath != "/account/sign-in") faults.Add("opening it signed the visitor in");
        return [.. faults.Distinct(StringComparer.Ordinal).Select(fault => $"{link.AbsolutePath}: {fault}")];
    }

    public async Task<SortedDictionary<string, string>> DigestAsync()
    {
        await portal.WaitUntilQuietAsync();
        await using var db = portal.NewDb();
        return await DatabaseDigest.OfAsync(db);
    }

    private static async Task<IEnumerable<string>> AskAsync(PlainBrowser visitor, HttpMethod method, Uri link, string? header, string? value)
    {
        var request = new HttpRequestMessage(method, link);
        if (header is not null) request.Headers.Add(header, value);
        var page = await visitor.AskAsync(request);
        return FaultsOf(page).Select(fault => $"{method} {header}: {fault}");
    }

    private static IEnumerable<string> FaultsOf(HtmlPage page)
    {
        if (page.Status is not (HttpStatusCode.OK or HttpStatusCode.Gone)) yield return $"answers {(int)page.Status}";
        if (page.Headers.CacheControl?.NoStore is not true) yield return "may be stored";
        if (!page.Headers.TryGetValues("Referrer-Policy", out var policy) || policy.Single() is not "no-referrer") yield return "tells others where the reader comes from";
        foreach (var address in page.Document.QuerySelectorAll("[src], link[href], form[action]")
                     .Select(element => new Uri(page.Address, element.GetAttribute("src") ?? element.GetAttribute("href") ?? element.GetAttribute("action")))
                     .Where(address => address.Scheme != "data" && address.Authority != page.Address.Authority))
            yield return $"takes something from {address.Authority}";
    }

    /// <summary>A browser with scripts that waits until nothing moves any more, and scrolls, as the thorough scanners do.</summary>
    private async Task<IEnumerable<string>> VisitAsync(Uri link)
    {
        List<string> strangers = [];
        var page = await browser.OpenAsync(portal);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } address && address.Authority != portal.BaseUrl.Authority) strangers.Add($"the browser asks {address.Authority}");
        };
        await page.GotoAsync(link.ToString());
        await page.Mouse.WheelAsync(0, 2000);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.Context.CloseAsync();
        return strangers;
    }
}

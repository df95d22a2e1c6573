using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace StarPortal.Tests.Support;

/// <summary>
/// Debian's Chromium, headless, driven by Playwright: one for a test class (<c>IClassFixture&lt;Browser&gt;</c>), a context for each test.
/// Contexts accept the portal's certificate, whose root this browser does not know.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? chromium;

    /// <summary>Where the browser is: STARPORTAL_TEST_CHROMIUM, or Debian's place.</summary>
    public static string ExecutablePath { get; } = Environment.GetEnvironmentVariable("STARPORTAL_TEST_CHROMIUM") ?? "/usr/bin/chromium";

    public static ViewportSize Desktop => new() { Width = 1280, Height = 800 };

    public static ViewportSize Phone => new() { Width = 390, Height = 844 };

    /// <summary>Each size and each theme once: colours do not depend on the size, nor the layout on the theme.</summary>
    public static IReadOnlyList<(ViewportSize Viewport, bool Dark)> Looks => [(Desktop, false), (Phone, true)];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(ExecutablePath)) return;
        Assertions.SetDefaultExpectTimeout(15_000); // a busy machine is not a failure
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = ExecutablePath,
            Args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"],
        });
    }

    /// <summary>A window with cookies of its own, at the portal's start page when one is given.</summary>
    /// <param name="portal">Relative addresses are this portal's.</param>
    /// <param name="viewport">Default: <see cref="Desktop"/>.</param>
    /// <param name="dark">Whether the system prefers a dark theme.</param>
    /// <param name="javaScript">Whether scripts run.</param>
    public async Task<IPage> OpenAsync(PortalApplication portal, ViewportSize? viewport = null, bool dark = false, bool javaScript = true)
    {
        Assert.SkipWhen(chromium is null, $"No Chromium at {ExecutablePath}: apt-get install chromium, or run ./test.sh, which does.");
        var context = await chromium.NewContextAsync(new()
        {
            BaseURL = portal.BaseUrl.ToString(),
            IgnoreHTTPSErrors = true,
            ViewportSize = viewport ?? Desktop,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = javaScript,
            Locale = "en-GB",
            TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(45_000); // a busy build machine is slow, and waiting costs nothing when it is not
        return await context.NewPageAsync();
    }

    /// <summary>
    /// Fails with what a reader of the page would stumble over: WCAG 2.2 A and AA findings of serious or critical impact. What a frame shows is
    /// left out: ours are sandboxed without scripts, where axe can start and never end.
    /// </summary>
    public static async Task RequireAccessibleAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions
        {
            Iframes = false,
            RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
            ResultTypes = [ResultType.Violations],
        }).WaitAsync(TimeSpan.FromMinutes(2));
        var serious = result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Impact} {violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}");
        Assert.True(!serious.Any(), $"{page.Url}\n{string.Join('\n', serious)}");
    }

    /// <summary>Fails when the page is wider than its window.</summary>
    public static async Task RequireNoSidewaysScrollAsync(IPage page)
    {
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{page.Url} is {overflow} px wider than the window.");
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}

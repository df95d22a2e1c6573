using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>Pictures of pages, in the folder that STARPORTAL_SCREENSHOTS names (docs/screenshots.sh does), otherwise in a temporary one.</summary>
internal sealed class PictureBook : IDisposable
{
    private readonly TestFolder unused = new();

    /// <summary>How many were taken.</summary>
    public int Count { get; private set; }

    private string Folder => Environment.GetEnvironmentVariable("STARPORTAL_SCREENSHOTS") ?? unused.FullPath;

    /// <summary>Desktop in light and dark, phone in light: name-light.png, name-dark.png, name-phone.png.</summary>
    public async Task ShootAsync(IPage page, string name)
    {
        await ShootAsync(page, $"{name}-dark", Support.Browser.Desktop, ColorScheme.Dark);
        await ShootInLightAsync(page, name);
    }

    /// <summary>As above, without the dark one.</summary>
    public async Task ShootInLightAsync(IPage page, string name)
    {
        await ShootAsync(page, $"{name}-phone", Support.Browser.Phone, ColorScheme.Light);
        await ShootAsync(page, $"{name}-light", Support.Browser.Desktop, ColorScheme.Light);
    }

    public void Dispose() => unused.Dispose();

    private async Task ShootAsync(IPage page, string file, ViewportSize viewport, ColorScheme theme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        await page.SetViewportSizeAsync(viewport.Width, viewport.Height);
        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{file}.png"), Animations = ScreenshotAnimations.Disabled });
        Count++;
    }
}

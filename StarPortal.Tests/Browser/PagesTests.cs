using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>Pages that anybody may open, as they come out of a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class PagesTests(PagesTests.Fixture fixture) : IClassFixture<PagesTests.Fixture>
{
    public static TheoryData<string> PublicPages => ["/", "/status", "/no-such-page"];

    [Theory]
    [MemberData(nameof(PublicPages))]
    public async Task Page_IsAccessibleAndFits_OnDesktopAndPhoneInLightAndDark(string path)
    {
        foreach (var viewport in new[] { Support.Browser.Desktop, Support.Browser.Phone })
        {
            foreach (var dark in new[] { false, true })
            {
                var page = await fixture.Browser.OpenAsync(fixture.Portal, viewport, dark);
                await page.GotoAsync(path);
                Assert.Equal(1, await page.Locator("h1").CountAsync());
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
                await page.Context.CloseAsync();
            }
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public Support.Browser Browser { get; } = new();

        public PortalApplication Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await Browser.InitializeAsync();
            Portal = await PortalApplication.StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Browser.DisposeAsync();
        }
    }
}

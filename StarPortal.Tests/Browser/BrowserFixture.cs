using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>A browser and a portal with its demo, for the tests of a class.</summary>
public sealed class BrowserFixture : IAsyncLifetime
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

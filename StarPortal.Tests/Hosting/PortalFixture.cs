using StarPortal.Tests.Support;

namespace StarPortal.Tests.Hosting;

/// <summary>One running portal for the tests of a class that leave nothing behind.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    public PortalApplication Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await PortalApplication.StartAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

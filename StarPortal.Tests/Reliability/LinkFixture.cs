using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>A browser and a portal in which many people ask from one address.</summary>
public sealed class LinkFixture : IAsyncLifetime
{
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Authority:Profiles:person:PortalKey"] = "EcdsaP256", ["Enrollment:RequestsPerAddressPerHour"] = "1000", ["Mail:MaxPerRecipientPerHour"] = "1000",
    };

    public Support.Browser Browser { get; } = new();

    public PortalApplication Portal { get; private set; } = null!;

    internal LinkProbe Probe => new(Portal, Browser);

    public async ValueTask InitializeAsync()
    {
        await Browser.InitializeAsync();
        Portal = await PortalApplication.StartAsync(Settings);
    }

    public async Task<PlainBrowser> SignInAsync(string persona)
    {
        var browser = new PlainBrowser(Portal);
        await browser.SignInAsync(Portal.PersonaOf(persona));
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Browser.DisposeAsync();
    }
}

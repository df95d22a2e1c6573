using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>One running portal for the tests of a class; each brings keys and accounts of its own.</summary>
public sealed class AcmeFixture : IAsyncLifetime
{
    public WebPortal Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await WebPortal.StartAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public AcmeClient NewClient(TestKey? key = null) => new(Portal.Client, key);

    public async Task<AcmeClient> NewAccountAsync(TestKey? key = null)
    {
        var client = NewClient(key);
        Assert.Equal(201, (int)(await client.RegisterAsync()).Status);
        return client;
    }
}

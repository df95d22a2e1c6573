using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>A portal whose renewal-URI look-up listens on a port of its own.</summary>
internal sealed class LookupScene : IAsyncDisposable
{
    private LookupScene(StarOrderScene star, int port) => (Star, Port) = (star, port);

    public StarOrderScene Star { get; }

    public int Port { get; }

    public string Root => $"https://localhost:{Port}/";

    public static async Task<LookupScene> StartAsync(params (string Name, string Value)[] settings)
    {
        var port = FreePorts.Take(1)[0];
        return new LookupScene(await StarOrderScene.StartAsync(null, [("Star:LookupPort", $"{port}"), .. settings]), port);
    }

    /// <summary>An order with its first certificate.</summary>
    public async Task<(AcmeAnswer Order, string Serial)> BeginAsync(AcmeClient client, Action<JsonObject>? change = null)
    {
        var order = await Star.BeginAsync(client, Star.Renewal(change));
        using var certificate = X509Certificate2.CreateFromPem((await client.AskAsync(StarOrderScene.UrlOf(order))).Text);
        return (order, certificate.SerialNumber);
    }

    /// <summary>Asks on the look-up's port.</summary>
    public async Task<AcmeAnswer> AskAsync(string path, HttpMethod? method = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Root + path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Star.Portal.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await AcmeAnswer.ReadAsync(response);
    }

    public ValueTask DisposeAsync() => Star.DisposeAsync();
}

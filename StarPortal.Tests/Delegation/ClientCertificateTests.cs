using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Consumers that show a TLS client certificate, on the port that asks for one.</summary>
[Trait("Category", "Unit")]
public sealed class ClientCertificateTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_StandsForTheConsumer_ThatItsOwnerGaveItTo()
    {
        var port = FreePorts.Take(1)[0];
        await using var scene = await DelegationScene.StartAsync(settings: ("Delegation:ClientCertificatePort", $"{port}"));
        await scene.DelegateAsync();
        using X509Certificate2 own = NewCertificate(), strange = NewCertificate();
        await scene.Portal.Get<ConsumerService>().AddCertificateAsync(scene.Consumer.Id, own.ExportCertificatePem(), scene.Owner, Ct);

        using var client = NewClient(scene, port, own);
        using var registered = await client.PostAsJsonAsync("star/registration", (JsonNode)DelegationScene.Registration(), Ct);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        await scene.WorkAsync();
        Assert.Equal(port, registered.Headers.Location!.Port);
        using var completion = await client.GetAsync(registered.Headers.Location, Ct);
        Assert.Equal("valid", (string?)(await DelegationScene.ReadAsync(completion))["status"]);

        using var stranger = NewClient(scene, port, strange);
        using var refused = await stranger.PostAsJsonAsync("star/registration", (JsonNode)DelegationScene.Registration(), Ct);
        using var foreign = await stranger.GetAsync(registered.Headers.Location, Ct);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (refused.StatusCode, foreign.StatusCode));
        using var nobody = NewClient(scene, port, null);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => nobody.GetAsync(registered.Headers.Location, Ct));
    }

    /// <summary>Its key is the consumer's all right; its time has not come, or is over.</summary>
    [Theory]
    [InlineData(-30, -1)]
    [InlineData(1, 30)]
    public async Task Certificate_StandsForNobody_OutsideItsDates(int from, int to)
    {
        var port = FreePorts.Take(1)[0];
        await using var scene = await DelegationScene.StartAsync(settings: ("Delegation:ClientCertificatePort", $"{port}"));
        await scene.DelegateAsync();
        using var certificate = NewCertificate(from, to);
        await scene.Portal.Get<ConsumerService>().AddCertificateAsync(scene.Consumer.Id, certificate.ExportCertificatePem(), scene.Owner, Ct);
        using var client = NewClient(scene, port, certificate);
        using var refused = await client.PostAsJsonAsync("star/registration", (JsonNode)DelegationScene.Registration(), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static HttpClient NewClient(DelegationScene scene, int port, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { X509Certificate2.CreateFromPem(scene.Portal.RootPem) }, RevocationMode = X509RevocationMode.NoCheck,
        };
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{port}/") };
    }

    private static X509Certificate2 NewCertificate(int from = -1, int to = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=consumer", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(from), now.AddDays(to));
    }
}

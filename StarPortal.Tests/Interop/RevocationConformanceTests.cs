using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Interop;

/// <summary>RFC 8555 7.6 and RFC 9773 as a client sees them over HTTPS.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class RevocationConformanceTests(AcmeWorld world) : IAsyncLifetime
{
    private const string Name = $"revoked.{AcmeWorld.Waived}";

    private AcmeClient client = null!;

    public async ValueTask InitializeAsync() => client = await world.NewAccountAsync();

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>"If the revocation succeeds, the server responds with status code 200"; "alreadyRevoked … 400".</summary>
    [Fact]
    public async Task Account_RevokesWhatItOrdered_Once()
    {
        var certificate = await IssueAsync();
        var answer = await RevokeAsync(client, certificate, 1);
        Assert.Equal((200, 0), ((int)answer.Status, answer.Body.Length));
        Assert.Equal((400, "alreadyRevoked"), (await RevokeAsync(client, certificate, 1)).Outcome);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(9, true)]
    [InlineData(2, false)]
    [InlineData(6, false)]
    [InlineData(7, false)]
    [InlineData(8, false)]
    [InlineData(10, false)]
    [InlineData(-1, false)]
    [InlineData(99, false)]
    public async Task Reason_IsOneThatASubscriberCanKnow(int reason, bool isAllowed)
    {
        var answer = await RevokeAsync(client, await IssueAsync(), reason);
        Assert.Equal(isAllowed ? (200, null) : (400, "badRevocationReason"), answer.Outcome);
    }

    /// <summary>7.6: "the key pair in the certificate", as a jwk.</summary>
    [Fact]
    public async Task CertificateKey_RevokesItsCertificate_AndNoOther()
    {
        using var key = TestKey.Ec();
        var order = await client.OrderAsync(Name);
        var certificate = await client.DownloadAsync(await client.FinalizeAsync(order, OrderScene.Csr((ECDsa)key.Key, "", Name)));
        using var bearer = world.NewClient(key);
        Assert.Equal((403, "unauthorized"), (await RevokeAsync(bearer, await IssueAsync(), 1)).Outcome);
        Assert.Equal(200, (int)(await RevokeAsync(bearer, certificate, 1)).Status);

        // Once reported as compromised it is not certified again.
        Assert.Equal((400, "badCSR"), (await client.FinalizeAsync(await client.OrderAsync(Name), OrderScene.Csr((ECDsa)key.Key, "", Name))).Outcome);
    }

    /// <summary>7.6: "an account that … holds authorizations for all of the identifiers in the certificate".</summary>
    [Fact]
    public async Task AnotherAccount_Revokes_WithAuthorizationsForAllNames()
    {
        var certificate = await client.DownloadAsync(await client.IssueAsync(Name, $"also.{Name}"));
        using var other = await world.NewAccountAsync();
        Assert.Equal((403, "unauthorized"), (await RevokeAsync(other, certificate, 0)).Outcome);
        await other.OrderAsync(Name);
        Assert.Equal((403, "unauthorized"), (await RevokeAsync(other, certificate, 0)).Outcome);
        await other.OrderAsync($"also.{Name}");
        Assert.Equal(200, (int)(await RevokeAsync(other, certificate, 0)).Status);
    }

    [Fact]
    public async Task Certificate_OfAnotherCa_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
        Assert.Equal((404, "malformed"), (await RevokeAsync(client, foreign, 0)).Outcome);
        Assert.Equal((400, "malformed"), (await client.PostAsync(await client.UrlOfAsync("revokeCert"), new JsonObject())).Outcome);
    }

    /// <summary>RFC 9773 4: anybody may ask; "start … end", "Retry-After"; 4.1: the id.</summary>
    [Fact]
    public async Task RenewalInfo_HasAWindow_WhichMovesWhenTheCertificateIsRevoked()
    {
        var certificate = await IssueAsync();
        var url = $"{await client.UrlOfAsync("renewalInfo")}/{IdOf(certificate)}";
        var answer = await client.GetAsync(url);
        var (start, end) = WindowOf(answer);
        Assert.NotEmpty(answer.Headers["Retry-After"]);
        Assert.Equal("application/json", answer.MediaType);
        Assert.True(new DateTimeOffset(certificate.NotBefore) < start && start < end && end <= new DateTimeOffset(certificate.NotAfter));

        await RevokeAsync(client, certificate, 4);
        Assert.True(WindowOf(await client.GetAsync(url)).End <= TimeProvider.System.GetUtcNow());
        foreach (var id in new[] { "AAAA.AAAA", "AAAA", "a.b.c", $"{IdOf(certificate)}=" })
            Assert.Equal(404, (int)(await client.GetAsync($"{await client.UrlOfAsync("renewalInfo")}/{id}")).Status);
    }

    /// <summary>RFC 9773 5: reflected; same account; one identifier in common; "alreadyReplaced … 409".</summary>
    [Fact]
    public async Task Order_ReplacesACertificate_Once()
    {
        var id = IdOf(await IssueAsync());
        using var other = await world.NewAccountAsync();
        Assert.Equal(400, (int)(await ReplaceAsync(other, id, Name)).Status);
        Assert.Equal(400, (int)(await ReplaceAsync(client, id, $"different.{AcmeWorld.Waived}")).Status);
        Assert.Equal(400, (int)(await ReplaceAsync(client, "AAAA.AAAA", Name)).Status);
        var order = await ReplaceAsync(client, id, Name);
        Assert.Equal((201, id), ((int)order.Status, order.Json["replaces"]!.GetValue<string>()));
        Assert.Equal((409, "alreadyReplaced"), (await ReplaceAsync(client, id, Name)).Outcome);
    }

    private async Task<X509Certificate2> IssueAsync() => await client.DownloadAsync(await client.IssueAsync(Name));

    private static async Task<AcmeAnswer> RevokeAsync(AcmeClient who, X509Certificate2 certificate, int reason) =>
        await who.PostAsync(await who.UrlOfAsync("revokeCert"), new JsonObject { ["certificate"] = Base64Url.EncodeToString(certificate.RawData), ["reason"] = reason });

    private static async Task<AcmeAnswer> ReplaceAsync(AcmeClient who, string id, string name)
    {
        var payload = AcmeClient.OrderOf(name);
        payload["replaces"] = id;
        return await who.PostAsync(await who.UrlOfAsync("newOrder"), payload);
    }

    private static (DateTimeOffset Start, DateTimeOffset End) WindowOf(AcmeAnswer answer)
    {
        var window = answer.Json["suggestedWindow"]!;
        return (window["start"]!.GetValue<DateTimeOffset>(), window["end"]!.GetValue<DateTimeOffset>());
    }

    /// <summary>RFC 9773 4.1, made here and not by what is tested.</summary>
    private static string IdOf(X509Certificate2 certificate) =>
        $"{Base64Url.EncodeToString(certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}";
}

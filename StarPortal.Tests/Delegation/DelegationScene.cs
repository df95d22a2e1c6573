using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A portal over HTTPS with an owner who has example.org approved without challenges, and a consumer with a token; the test drives clock and worker.</summary>
internal sealed class DelegationScene : IAsyncDisposable
{
    public const string Name = "www.example.org";

    private DelegationScene(WebPortal portal, FakeWorld world) => (Portal, World) = (portal, world);

    public WebPortal Portal { get; }

    /// <summary>What CAA and validators answer.</summary>
    public FakeWorld World { get; }

    public Actor Owner { get; private set; } = Actor.Anonymous();

    public DelegationConsumer Consumer { get; private set; } = null!;

    public string Token { get; private set; } = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<DelegationScene> StartAsync(DatabaseProvider? provider = null, params (string Name, string Value)[] settings)
    {
        var world = new FakeWorld();
        var portal = await WebPortal.StartAsync(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value, StringComparer.Ordinal), provider, services =>
        {
            services.RemoveAll<IChallengeValidator>().RemoveAll<ICaaChecker>();
            foreach (var type in Enum.GetValues<ChallengeType>()) services.AddSingleton<IChallengeValidator>(new FakeValidator(type, world));
            services.AddSingleton<ICaaChecker>(world);
        });
        var scene = new DelegationScene(portal, world);
        scene.Owner = await scene.AddOwnerAsync("ada", "example.org");
        scene.Consumer = await portal.Get<ConsumerService>().CreateAsync("CDN One", scene.Owner, Ct);
        scene.Token = await portal.Get<ConsumerService>().AddTokenAsync(scene.Consumer.Id, scene.Owner, Ct);
        return scene;
    }

    /// <summary>Somebody with a namespace in which nothing has to be shown.</summary>
    public async Task<Actor> AddOwnerAsync(string userName, string suffix, NamespaceChallenge challenge = NamespaceChallenge.Waived)
    {
        var user = new PortalUser
        {
            UserName = userName, NormalizedUserName = userName.ToUpperInvariant(), FullName = userName, Email = $"{userName}@example.org", NormalizedEmail = $"{userName}@example.org".ToUpperInvariant(),
            EmailConfirmed = true, SecurityStamp = Guid.NewGuid().ToString(), CreatedAt = Portal.Clock.Now,
        };
        await using var db = Portal.NewDb();
        db.Users.Add(user);
        db.RoleGrants.Add(RoleGrant.To(user.Id, PortalRole.Owner, null, isDeputy: false, Portal.Clock.Now, null, Actor.System("test")));
        await db.SaveChangesAsync(Ct);
        await Portal.Get<NamespaceService>().GrantAsync(suffix, challenge, user.Id, null, Actor.System("test"), Ct);
        return new Actor(user.Id, userName, [new ActorGrant(PortalRole.Owner, null)]) { HasSecondFactor = true, Address = "127.0.0.1" };
    }

    /// <summary>What an owner would agree to: one name, ECDSA P-256, 90 days of certificates of 24 hours.</summary>
    public static DelegationTerms Terms(params string[] names)
    {
        string[] delegated = names is [] ? [Name] : names;
        return new DelegationTerms(delegated, CsrTemplatePreset.All.Single(preset => preset.Key == "web-ecdsa").Fill(delegated).ToJson(), 90, 24, UpstreamBook.Local, DelegationApproval.Automatic);
    }

    public Task<NameDelegation> DelegateAsync(DelegationTerms? terms = null) => Portal.Get<DelegationService>().CreateAsync(terms ?? Terms(), Consumer.Id, Owner, Ct);

    /// <summary>A request that fits the template of <see cref="Terms"/>.</summary>
    public static byte[] Csr(params string[] names) => Csr(ECDsa.Create(ECCurve.NamedCurves.nistP256), names);

    public static byte[] Csr(ECDsa key, params string[] names)
    {
        using (key)
        {
            var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var name in names is [] ? [Name] : names) alternatives.AddDnsName(name);
            request.CertificateExtensions.Add(alternatives.Build());
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
            return request.CreateSigningRequest();
        }
    }

    public static string Pem(byte[] csr) => PemEncoding.WriteString("CERTIFICATE REQUEST", csr);

    public static JsonObject Registration(byte[]? csr = null, int lifetime = 365, int validity = 24) => new() { ["csr"] = Pem(csr ?? Csr()), ["lifetime"] = lifetime, ["validity"] = validity };

    /// <summary>POST /star/registration.</summary>
    /// <param name="token">Bearer; empty: none is shown.</param>
    public async Task<HttpResponseMessage> RegisterAsync(JsonNode body, string? token = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "star/registration") { Content = JsonContent.Create(body) };
        if ((token ?? Token) is { Length: > 0 } shown) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shown);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return await Portal.Client.SendAsync(request, Ct);
    }

    /// <summary>GET of a completion URL.</summary>
    public async Task<HttpResponseMessage> CompletionAsync(Uri url, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if ((token ?? Token) is { Length: > 0 } shown) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shown);
        return await Portal.Client.SendAsync(request, Ct);
    }

    /// <summary>Registers and does what is due.</summary>
    /// <returns>What the completion URL says then.</returns>
    public async Task<JsonObject> RegisterAndWaitAsync(JsonNode? body = null)
    {
        using var registered = await RegisterAsync(body ?? Registration());
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        await WorkAsync();
        using var completion = await CompletionAsync(registered.Headers.Location!);
        return await ReadAsync(completion);
    }

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!.AsObject();

    /// <summary>What the worker would do now.</summary>
    public Task WorkAsync() => Portal.Get<DelegationWorker>().RunDueAsync(Ct);

    /// <summary>An ACME client of the delegation directory, bound to the consumer, or to another one.</summary>
    public async Task<Acme.AcmeClient> NewNdcAsync(Guid? consumerId = null, TestKey? key = null)
    {
        var client = new Acme.AcmeClient(Portal.Client, key, DelegationDirectory.Path);
        Assert.Equal(201, (int)(await BindAsync(client, await Portal.Get<ConsumerService>().AddAccountKeyAsync(consumerId ?? Consumer.Id, Owner, Ct))).Status);
        return client;
    }

    /// <summary>newAccount with a binding.</summary>
    public static async Task<AcmeAnswer> BindAsync(Acme.AcmeClient client, IssuedExternalAccountKey issued) => await client.RegisterAsync(new JsonObject
    {
        ["termsOfServiceAgreed"] = true, ["externalAccountBinding"] = Bind(client.Key, issued, await client.UrlOfAsync("newAccount")),
    });

    public string UrlOf(NameDelegation delegation) => Portal.Get<DelegationDirectory>().Delegation(delegation.Id);

    /// <summary>newOrder of RFC 9115 2.3.2: 90 days of certificates of 24 hours.</summary>
    public JsonObject StarOrder(NameDelegation delegation, params string[] names)
    {
        var order = Acme.AcmeClient.OrderOf(names is [] ? [Name] : names);
        order["delegation"] = UrlOf(delegation);
        order["auto-renewal"] = new JsonObject { ["end-date"] = Text(Portal.Clock.Now.AddDays(90)), ["lifetime"] = 86_400, ["allow-certificate-get"] = true };
        return order;
    }

    /// <summary>newOrder of RFC 9115 2.3.3: one certificate.</summary>
    public JsonObject SingleOrder(NameDelegation delegation, params string[] names)
    {
        var order = Acme.AcmeClient.OrderOf(names is [] ? [Name] : names);
        (order["delegation"], order["allow-certificate-get"]) = (UrlOf(delegation), true);
        return order;
    }

    /// <summary>RFC 3339.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Order1 from newOrder to what comes of it.</summary>
    /// <returns>The order as it is when all that is due was done.</returns>
    public async Task<AcmeAnswer> IssueAsync(Acme.AcmeClient ndc, JsonObject order, byte[]? csr = null)
    {
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), order);
        Assert.Equal((201, null), placed.Outcome);
        Assert.Equal((200, null), (await ndc.FinalizeAsync(placed, csr ?? Csr())).Outcome);
        await WorkAsync();
        return await ndc.AskAsync(placed.Location!);
    }

    /// <summary>The only order there is, as stored.</summary>
    public async Task<DelegatedOrder> OnlyOrderAsync()
    {
        await using var db = Portal.NewDb();
        return Assert.Single(await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(db.DelegatedOrders, Ct));
    }

    /// <summary>RFC 8555 7.3.4.</summary>
    public static JsonNode Bind(TestKey key, IssuedExternalAccountKey issued, string url)
    {
        var header = Encode(new JsonObject { ["alg"] = "HS256", ["kid"] = issued.Credential.KeyId, ["url"] = url }.ToJsonString());
        var payload = Encode(key.Jwk.ToJsonString());
        var mac = HMACSHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(issued.MacKey), Encoding.ASCII.GetBytes($"{header}.{payload}"));
        return new JsonObject { ["protected"] = header, ["payload"] = payload, ["signature"] = System.Buffers.Text.Base64Url.EncodeToString(mac) };
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

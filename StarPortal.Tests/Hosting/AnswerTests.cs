using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace StarPortal.Tests.Hosting;

/// <summary>What every answer carries, and how the portal says no.</summary>
[Trait("Category", "Interop")]
public sealed class AnswerTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private readonly HttpClient client = fixture.Portal.Client;

    [Fact]
    public async Task Page_CarriesTheSecurityHeaders_AndIsNotKept()
    {
        using var answer = await GetAsync("/");

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/request")]
    [InlineData("/healthz")]
    [InlineData("/css/portal.css")]
    public async Task Head_IsAnsweredAsGet_WithoutContent(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await client.SendAsync(request, TestContext.Current.CancellationToken);
        using var get = await GetAsync(path);

        Assert.Equal((get.StatusCode, $"{get.Content.Headers.ContentType}"), (head.StatusCode, $"{head.Content.Headers.ContentType}"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("portal.example.org", true)]
    public async Task StrictTransport_IsPromised_OnRealNamesOnly(string host, bool expected)
    {
        using var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // The certificate names the host that it was made for; here the portal is called otherwise.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var anyHost = new HttpClient(handler) { BaseAddress = fixture.Portal.BaseUrl };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = host } };
        using var answer = await anyHost.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task UnknownPage_SaysWhatToDo_ToPeople()
    {
        using var answer = await GetAsync("/no-such-page", "text/html");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("<h1>Nothing here</h1>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownDoor_IsAProblemDocument_ToPrograms()
    {
        using var answer = await GetAsync("/api/v1/no-such-door", "text/html");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(404, problem.RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task HugeBody_IsRefused_BeforeItIsRead()
    {
        using var content = new ByteArrayContent(new byte[5 * 1024 * 1024]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in") { Content = content };
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Form_IsRefused_WithoutItsToken()
    {
        using var content = new FormUrlEncodedContent([new("_handler", "sign-in")]);
        using var answer = await client.PostAsync(new Uri("/account/sign-in", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task PlainHttp_ServesPkiAndChallengesOnly_AndSendsPeopleToHttps()
    {
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Portal.PkiUrl };
        using var root = await plain.GetAsync(new Uri("/pki/root.pem", UriKind.Relative), TestContext.Current.CancellationToken);
        using var page = await plain.GetAsync(new Uri("/status?x=1", UriKind.Relative), TestContext.Current.CancellationToken);
        using var challenge = await plain.GetAsync(new Uri("/.well-known/acme-challenge/unknown", UriKind.Relative), TestContext.Current.CancellationToken);
        using var form = await plain.PostAsync(new Uri("/account/sign-in", UriKind.Relative), content: null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, root.StatusCode);
        Assert.Equal(new Uri(fixture.Portal.BaseUrl, "/status?x=1"), page.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, challenge.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, form.StatusCode);
    }

    [Fact]
    public async Task ForwardedHeaders_AreNotBelieved_FromAnybody()
    {
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = fixture.Portal.PkiUrl };
        plain.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var answer = await plain.GetAsync(new Uri("/status", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
    }

    [Fact]
    public async Task Https_SpeaksHttp2_WithACertificateOfOurOwn()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpVersion.Version20, answer.Version);
    }

    [Fact]
    public async Task StaticFile_IsCompressedAndKeptForever_ByItsFingerprint()
    {
        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var style = System.Text.RegularExpressions.Regex.Match(page, "css/portal\\.[a-z0-9]+\\.css", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{style}");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("gzip", answer.Content.Headers.ContentEncoding);
        Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz", "ok")]
    [InlineData("/readyz", "crl: ok")]
    [InlineData("/metrics", "starportal_crl_age_seconds{issuer=\"people\"}")]
    [InlineData("/metrics", "http_server_request_duration_seconds_bucket")]
    [InlineData("/openapi/v1.json", "\"openapi\"")]
    [InlineData("/status", "Everything works")]
    public async Task View_ShowsWhatItPromises(string path, string expected)
    {
        using var answer = await GetAsync(path, "*/*");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept = "text/html")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

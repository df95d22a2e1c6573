using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>tls-alpn-01 against TLS servers on loopback (RFC 8737 3 and 4, RFC 8738 6).</summary>
[Trait("Category", "Unit")]
public sealed class TlsAlpn01Tests : IAsyncDisposable
{
    private static readonly SslApplicationProtocol AcmeTls = new("acme-tls/1");

    private readonly ValidationBench bench = new ValidationBench().WithHost();

    private readonly List<IAsyncDisposable> servers = [];

    private string? serverName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task RightCertificate_IsValid(SslProtocols version)
    {
        Serve(ValidationBench.Permitted, RightCertificate(ValidationBench.Host), version: version);
        var outcome = await bench.TlsAlpn01.ValidateAsync(ValidationBench.Task(), Ct);
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Equal(ValidationBench.Host, serverName);
    }

    [Theory]
    [InlineData("127.0.0.2", "2.0.0.127.in-addr.arpa")]
    [InlineData("::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa")]
    public async Task Address_IsAskedForByItsReverseName(string address, string reverse)
    {
        bench.Acme.AllowNets = [address];
        Serve(IPAddress.Parse(address), RightCertificate(address));
        var outcome = await bench.TlsAlpn01.ValidateAsync(ValidationBench.Task(address), Ct);
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Equal(reverse, serverName);
    }

    [Fact]
    public async Task OrdinaryWebServer_IsATlsProblem()
    {
        Serve(ValidationBench.Permitted, RightCertificate(ValidationBench.Host), protocols: []);
        await InvalidAsync(AcmeProblemType.Tls, "acme-tls/1");
    }

    [Fact]
    public async Task WebServer_ThatOffersOtherProtocols_IsATlsProblem()
    {
        Serve(ValidationBench.Permitted, RightCertificate(ValidationBench.Host), protocols: [SslApplicationProtocol.Http11]);
        await InvalidAsync(AcmeProblemType.Tls, "acme-tls/1");
    }

    [Fact]
    public async Task OldTls_IsATlsProblem()
    {
#pragma warning disable SYSLIB0039, CA5397 // What has to be refused.
        Serve(ValidationBench.Permitted, RightCertificate(ValidationBench.Host), version: SslProtocols.Tls11);
#pragma warning restore SYSLIB0039, CA5397
        await InvalidAsync(AcmeProblemType.Tls, "TLS 1.2");
    }

    [Fact]
    public async Task OtherCertificate_IsNotValid()
    {
        Serve(ValidationBench.Permitted, ChallengeCertificates.Make(ValidationBench.Host, request => request.CertificateExtensions.Add(ChallengeCertificates.Identifier("other"))));
        await InvalidAsync(AcmeProblemType.IncorrectResponse, "another key authorization");
    }

    /// <summary>A certificate can name an URL to fetch its issuer from: to do so would be a request past the guard.</summary>
    [Fact]
    public async Task Certificate_ThatNamesAUrl_MakesNobodyFetchIt()
    {
        var bait = ScriptedServer.Http(IPAddress.Loopback, _ => ScriptedServer.Ok("x"));
        servers.Add(bait);
        var certificate = ChallengeCertificates.Make(ValidationBench.Host, request =>
        {
            request.CertificateExtensions.Add(ChallengeCertificates.Identifier(ValidationBench.Task().KeyAuthorization));
            request.CertificateExtensions.Add(ChallengeCertificates.IssuerAt($"http://127.0.0.1:{bait.Port}/issuer.cer"));
        });
        Serve(ValidationBench.Permitted, certificate);
        await bench.TlsAlpn01.ValidateAsync(ValidationBench.Task(), Ct);
        Assert.Equal(0, bait.Accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("")]
    public async Task ServerThatSpeaksNoTls_IsATlsProblem(string says)
    {
        var server = ScriptedServer.Start(ValidationBench.Permitted, async (stream, ct) => await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(says), ct));
        servers.Add(server);
        bench.Acme.TlsAlpn01Port = server.Port;
        await InvalidAsync(AcmeProblemType.Tls, "No TLS connection");
    }

    [Fact]
    public async Task ServerThatSaysNothing_IsGivenUp()
    {
        bench.Bounds.Timeout = TimeSpan.FromMilliseconds(300);
        var server = ScriptedServer.Start(ValidationBench.Permitted, (_, ct) => Task.Delay(Timeout.Infinite, ct));
        servers.Add(server);
        bench.Acme.TlsAlpn01Port = server.Port;
        await InvalidAsync(AcmeProblemType.Connection, "did not come to an end");
    }

    [Fact]
    public async Task Wildcard_IsNotForTls() =>
        Assert.Equal(AcmeProblemType.Malformed, (await bench.TlsAlpn01.ValidateAsync(ValidationBench.Task(isWildcard: true), Ct)).Problem);

    [Fact]
    public async Task Address_ThatIsNotPermitted_IsRefused() =>
        Assert.Contains("loopback", (await bench.TlsAlpn01.ValidateAsync(ValidationBench.Task("127.0.0.1"), Ct)).Detail, StringComparison.Ordinal);

    [Fact]
    public void ReverseName_IsThatOfTheRfc() =>
        Assert.Equal("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", ReverseName.Of(IPAddress.Parse("2001:db8::1")));

    private static X509Certificate2 RightCertificate(string identifier) =>
        ChallengeCertificates.Make(identifier, request => request.CertificateExtensions.Add(ChallengeCertificates.Identifier(ValidationBench.Task().KeyAuthorization)));

    /// <param name="protocols">What the server offers; none by default means acme-tls/1, an empty list no ALPN at all.</param>
    private void Serve(IPAddress address, X509Certificate2 certificate, SslProtocols version = SslProtocols.Tls13, List<SslApplicationProtocol>? protocols = null)
    {
        var server = ScriptedServer.Start(address, async (stream, ct) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                serverName = hello.ServerName;
                return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = version, ApplicationProtocols = protocols is { Count: 0 } ? null : protocols ?? [AcmeTls] });
            }, null, ct);
            await stream.CopyToAsync(Stream.Null, ct);
        });
        servers.Add(server);
        bench.Acme.TlsAlpn01Port = server.Port;
    }

    private async Task InvalidAsync(AcmeProblemType problem, string reason)
    {
        var outcome = await bench.TlsAlpn01.ValidateAsync(ValidationBench.Task(), Ct);
        Assert.False(outcome.IsValid);
        Assert.Contains(reason, outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(problem, outcome.Problem);
    }
}

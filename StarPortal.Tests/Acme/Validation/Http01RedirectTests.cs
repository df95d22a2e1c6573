using System.Net.Security;
using System.Text;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Redirects of http-01 (RFC 8555 8.3): followed, but to no place that validation may not go, and not for ever.</summary>
[Trait("Category", "Unit")]
public sealed class Http01RedirectTests : IAsyncDisposable
{
    private readonly Http01Scene scene = new();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsFollowed_ToAnotherName(int status)
    {
        scene.Bench.Dns.Address4("other.example.net", "127.0.0.2");
        scene.Serve(asked => asked.Contains($"Host: {ValidationBench.Host}", StringComparison.Ordinal) ? ScriptedServer.Redirect($"http://other.example.net:{scene.Bench.Acme.Http01Port}/here", status) : ScriptedServer.Ok(Http01Scene.Right));
        var outcome = await scene.ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Contains(outcome.Trace, line => line.StartsWith("redirected to http://other.example.net", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://localhost:{0}/x", "loopback address")]
    [InlineData("http://127.0.0.1:{0}/x", "loopback address")]
    [InlineData("http://2130706433:{0}/x", "loopback address")]
    [InlineData("http://0x7f.1:{0}/x", "loopback address")]
    [InlineData("http://0.0.0.0:{0}/x", "not an address of a host")]
    [InlineData("http://[::1]:{0}/x", "loopback address")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/x", "in disguise")]
    [InlineData("http://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("http://inner.example.org:{0}/x", "private address")]
    [InlineData("https://10.0.0.1/x", "private address")]
    public async Task Redirect_ToAnAddressThatIsNotPermitted_IsRefused(string location, string reason)
    {
        scene.Bench.Dns.Address4("inner.example.org", "10.0.0.1");
        scene.Serve(_ => ScriptedServer.Redirect(string.Format(null, location, scene.Bench.Acme.Http01Port)));
        await scene.InvalidAsync(AcmeProblemType.Connection, reason);
    }

    [Fact]
    public async Task Redirect_ToAFile_ToAnotherPort_ToItself_IsRefused()
    {
        scene.Serve(_ => ScriptedServer.Redirect("file:///etc/passwd"));
        await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, "only http and https are followed");
        scene.Serve(_ => ScriptedServer.Redirect($"http://{ValidationBench.Host}:22/"));
        await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, "a redirect to port 22");
        scene.Serve(_ => ScriptedServer.Redirect(Http01Scene.FirstPath));
        await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, "it goes in a circle");
    }

    [Fact]
    public async Task Redirects_ThatNeverEnd_AreGivenUp()
    {
        var count = 0;
        var server = scene.Serve(_ => ScriptedServer.Redirect($"/{++count}"));
        await scene.InvalidAsync(AcmeProblemType.IncorrectResponse, "10 are followed");
        Assert.Equal(11, server.Accepted);
    }

    [Fact]
    public async Task Redirect_ToHttps_IsFollowed_WhateverTheCertificate()
    {
        using var certificate = ChallengeCertificates.Make("other.invalid", extend: request => request.CertificateExtensions.Add(ChallengeCertificates.IssuerAt("http://127.0.0.2:1/ca.cer")));
        var secure = scene.Play(async (stream, ct) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct);
            await ScriptedServer.ReadHeadAsync(tls, ct);
            await tls.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Ok(Http01Scene.Right)), ct);
        });
        scene.Bench.Acme.TlsAlpn01Port = secure.Port;
        scene.Serve(_ => ScriptedServer.Redirect($"https://{ValidationBench.Host}:{secure.Port}/x"));
        var outcome = await scene.ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
    }

    [Fact]
    public async Task Redirect_ToHttps_WhereNoTlsIs_IsATlsProblem()
    {
        var plain = scene.Play(async (stream, ct) => await stream.WriteAsync("this is not TLS, it is a sentence\r\n"u8.ToArray(), ct));
        scene.Bench.Acme.TlsAlpn01Port = plain.Port;
        scene.Serve(_ => ScriptedServer.Redirect($"https://{ValidationBench.Host}:{plain.Port}/x"));
        await scene.InvalidAsync(AcmeProblemType.Tls, "no TLS connection");
    }
}

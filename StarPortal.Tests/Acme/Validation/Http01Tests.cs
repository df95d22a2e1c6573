using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>http-01 against servers on loopback that answer well, badly, for ever or not at all (RFC 8555 8.3, 10.2, 10.4).</summary>
[Trait("Category", "Unit")]
public sealed class Http01Tests : IAsyncDisposable
{
    private readonly ValidationBench bench = new ValidationBench().WithHost();

    private readonly List<ScriptedServer> servers = [];

    private static string Right => ValidationBench.Task().KeyAuthorization;

    private static string FirstPath => $"/.well-known/acme-challenge/{ValidationBench.Task().Token}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task KeyAuthorization_IsValid_AndTheRequestIsWhatTheRfcSays()
    {
        var head = "";
        Serve(asked =>
        {
            head = asked;
            return ScriptedServer.Ok(Right);
        });

        var outcome = await ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.StartsWith($"GET {FirstPath} HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: {ValidationBench.Host}:{bench.Acme.Http01Port}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: StarPortal-ACME-validation (+https://ca.example/)\r\n", head, StringComparison.Ordinal);
        Assert.Contains(outcome.Trace, line => line == $"connect to 127.0.0.2 port {bench.Acme.Http01Port}: connected");
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData(" \t\n\n")]
    public async Task WhitespaceAtTheEnd_IsIgnored(string end)
    {
        Serve(_ => ScriptedServer.Ok(Right + end));
        Assert.True((await ValidateAsync()).IsValid);
    }

    [Fact]
    public async Task Body_InChunks_OrUntilTheEnd_IsRead()
    {
        Serve(asked => asked.Contains("chunks", StringComparison.Ordinal)
            ? $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Right.Length:x}\r\n{Right}\r\n0\r\n\r\n"
            : ScriptedServer.Redirect("/chunks"));
        Assert.True((await ValidateAsync()).IsValid);
        Serve(_ => $"HTTP/1.0 200 OK\r\n\r\n{Right}");
        Assert.True((await ValidateAsync()).IsValid);
    }

    [Theory]
    [InlineData("secret-of-somebody", "octets that are not the key authorization")]
    [InlineData("<html>secret-of-somebody</html>", "a web page")]
    [InlineData("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0.secret-of-somebody", "another account's thumbprint")]
    [InlineData(" \n", "an empty body")]
    [InlineData("", "an empty body")]
    public async Task OtherBody_IsNotValid_AndNotRepeated(string body, string reason)
    {
        Serve(_ => ScriptedServer.Ok(body));
        var outcome = await InvalidAsync(AcmeProblemType.IncorrectResponse, reason);
        Assert.DoesNotContain("secret-of-somebody", outcome.Detail + string.Join('\n', outcome.Trace), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "status 500")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "status 204")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n", "status 304")]
    public async Task OtherStatus_IsNotValid(string answer, string reason)
    {
        Serve(_ => answer);
        await InvalidAsync(AcmeProblemType.IncorrectResponse, reason);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "not HTTP/1.1")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "not HTTP/1.1")]
    [InlineData("", "closed the connection")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "closed the connection")]
    public async Task AnswerThatIsNoHttp_IsAConnectionProblem(string answer, string reason)
    {
        Serve(_ => answer);
        await InvalidAsync(AcmeProblemType.Connection, reason);
    }

    [Fact]
    public async Task BodyShorterThanItsLength_IsAConnectionProblem()
    {
        Serve(_ => $"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{Right}");
        await InvalidAsync(AcmeProblemType.Connection, "broke off");
    }

    [Fact]
    public async Task HugeHeader_IsAConnectionProblem()
    {
        Serve(_ => $"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 40_000)}\r\nContent-Length: 0\r\n\r\n");
        await InvalidAsync(AcmeProblemType.Connection, "headers of the answer are too long");
    }

    [Fact]
    public async Task EndlessHeaders_AreAConnectionProblem()
    {
        Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), ct);
            while (true) await stream.WriteAsync("X-More: and more\r\n"u8.ToArray(), ct);
        });
        await InvalidAsync(AcmeProblemType.Connection, "headers of the answer are too long");
    }

    [Fact]
    public async Task EndlessBody_IsNotReadToItsEnd()
    {
        Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), ct);
            while (true) await stream.WriteAsync(new byte[4096], ct);
        });
        await InvalidAsync(AcmeProblemType.IncorrectResponse, "more than 4096 octets");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nLoqX")]
    public async Task ServerThatNeverEnds_IsGivenUp(string beginning)
    {
        bench.Bounds.Timeout = TimeSpan.FromMilliseconds(400);
        Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), ct);
            await Task.Delay(Timeout.Infinite, ct);
        });
        await InvalidAsync(AcmeProblemType.Connection, "did not come to an end within 0.4 seconds");
    }

    /// <summary>A slow-loris: always one octet more, just before anybody would lose patience with a single read.</summary>
    [Fact]
    public async Task ServerThatDrips_IsGivenUp()
    {
        bench.Bounds.Timeout = TimeSpan.FromMilliseconds(500);
        Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), ct);
            using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await drip.WaitForNextTickAsync(ct)) await stream.WriteAsync("x"u8.ToArray(), ct);
        });
        await InvalidAsync(AcmeProblemType.Connection, "did not come to an end");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsFollowed_ToAnotherName(int status)
    {
        bench.Dns.Address4("other.example.net", "127.0.0.2");
        Serve(asked => asked.Contains($"Host: {ValidationBench.Host}", StringComparison.Ordinal) ? ScriptedServer.Redirect($"http://other.example.net:{bench.Acme.Http01Port}/here", status) : ScriptedServer.Ok(Right));
        var outcome = await ValidateAsync();
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
        bench.Dns.Address4("inner.example.org", "10.0.0.1");
        Serve(_ => ScriptedServer.Redirect(string.Format(null, location, bench.Acme.Http01Port)));
        await InvalidAsync(AcmeProblemType.Connection, reason);
    }

    [Fact]
    public async Task Redirect_ToAFile_ToAnotherPort_ToItself_IsRefused()
    {
        Serve(_ => ScriptedServer.Redirect("file:///etc/passwd"));
        await InvalidAsync(AcmeProblemType.IncorrectResponse, "only http and https are followed");
        Serve(_ => ScriptedServer.Redirect($"http://{ValidationBench.Host}:22/"));
        await InvalidAsync(AcmeProblemType.IncorrectResponse, "a redirect to port 22");
        Serve(_ => ScriptedServer.Redirect(FirstPath));
        await InvalidAsync(AcmeProblemType.IncorrectResponse, "it goes in a circle");
    }

    [Fact]
    public async Task Redirects_ThatNeverEnd_AreGivenUp()
    {
        var count = 0;
        var server = Serve(_ => ScriptedServer.Redirect($"/{++count}"));
        await InvalidAsync(AcmeProblemType.IncorrectResponse, "10 are followed");
        Assert.Equal(11, server.Accepted);
    }

    /// <summary>DNS that says something else the second time: what was checked is what is connected to.</summary>
    [Fact]
    public async Task Name_IsResolvedOnce_ForAConnection_AndAgainForARedirect()
    {
        var answers = new Queue<string>(["127.0.0.2", "10.0.0.1"]);
        bench.Dns.Misbehave = asked => asked.Type == TestDnsServer.A
            ? [new DnsReply(asked.Id).Question(asked.Name, 1).RecordAt(1, DnsReply.Address(answers.Dequeue())).ToArray()]
            : [new DnsReply(asked.Id).Question(asked.Name, asked.Type).ToArray()];
        Serve(_ => ScriptedServer.Redirect("/again"));
        await InvalidAsync(AcmeProblemType.Connection, "10.0.0.1 is a private address");
        Assert.Empty(answers);
    }

    [Fact]
    public async Task Redirect_ToHttps_IsFollowed_WhateverTheCertificate()
    {
        using var certificate = ChallengeCertificates.Make("other.invalid", extend: request => request.CertificateExtensions.Add(ChallengeCertificates.IssuerAt("http://127.0.0.2:1/ca.cer")));
        var secure = Play(async (stream, ct) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, ct);
            await ScriptedServer.ReadHeadAsync(tls, ct);
            await tls.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Ok(Right)), ct);
        });
        bench.Acme.TlsAlpn01Port = secure.Port;
        Serve(_ => ScriptedServer.Redirect($"https://{ValidationBench.Host}:{secure.Port}/x"));
        var outcome = await ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
    }

    [Fact]
    public async Task Redirect_ToHttps_WhereNoTlsIs_IsATlsProblem()
    {
        var plain = Play(async (stream, ct) => await stream.WriteAsync("this is not TLS, it is a sentence\r\n"u8.ToArray(), ct));
        bench.Acme.TlsAlpn01Port = plain.Port;
        Serve(_ => ScriptedServer.Redirect($"https://{ValidationBench.Host}:{plain.Port}/x"));
        await InvalidAsync(AcmeProblemType.Tls, "no TLS connection");
    }

    [Fact]
    public async Task NextAddress_IsTried_WhenOneDoesNotAccept()
    {
        bench.Acme.AllowNets = ["127.0.0.0/24"];
        bench.Dns.Misbehave = asked => asked.Type == 1
            ? [new DnsReply(asked.Id).Question(asked.Name, 1).RecordAt(1, [127, 0, 0, 9]).RecordAt(1, [127, 0, 0, 2]).ToArray()]
            : null;
        Serve(_ => ScriptedServer.Ok(Right));
        var outcome = await ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Contains(outcome.Trace, line => line.Contains("connect to 127.0.0.9", StringComparison.Ordinal) && line.Contains("refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddressThatIsNotPermitted_IsPassedOver_WhenAnotherIs()
    {
        bench.Dns.Address4(ValidationBench.Host, "10.0.0.1").Address6(ValidationBench.Host, "::1");
        Serve(_ => ScriptedServer.Ok(Right));
        Assert.True((await ValidateAsync()).IsValid);
    }

    [Fact]
    public async Task NobodyListens_IsAConnectionProblem()
    {
        bench.Acme.Http01Port = FreePorts.Take(1)[0];
        await InvalidAsync(AcmeProblemType.Connection, "127.0.0.2 refused the connection");
    }

    [Fact]
    public async Task Name_WithoutAddress_IsADnsProblem()
    {
        bench.Dns.Text("text.example.org", "x");
        await InvalidAsync(AcmeProblemType.Dns, "does not exist (NXDOMAIN)", "nowhere.example.org");
        await InvalidAsync(AcmeProblemType.Dns, "neither an A nor an AAAA record", "text.example.org");
        bench.Dns.Misbehave = asked => [new DnsReply(asked.Id, 0x8182).Question(asked.Name, asked.Type).ToArray()];
        await InvalidAsync(AcmeProblemType.Dns, "the DNS server answered SERVFAIL");
    }

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.2")]
    [InlineData("::1", "[::1]")]
    public async Task Address_IsConnectedTo_WithoutDns(string address, string host)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        bench.Acme.AllowNets = [address];
        var head = "";
        var server = ScriptedServer.Http(IPAddress.Parse(address), asked => { head = asked; return ScriptedServer.Ok(Right); });
        servers.Add(server);
        bench.Acme.Http01Port = server.Port;
        var outcome = await ValidateAsync(address);
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Contains($"\r\nHost: {host}:{server.Port}\r\n", head, StringComparison.Ordinal);
        Assert.Empty(bench.Dns.Asked);
    }

    [Fact]
    public async Task Address_ThatIsNotPermitted_IsRefused() => await InvalidAsync(AcmeProblemType.Connection, "loopback address", "127.0.0.1");

    [Fact]
    public async Task Wildcard_IsNotForHttp() =>
        Assert.Equal(AcmeProblemType.Malformed, (await bench.Http01.ValidateAsync(ValidationBench.Task(isWildcard: true), Ct)).Problem);

    [Fact]
    public async Task Slots_BoundHowManyRunAtOnce()
    {
        bench.Acme.ValidationConcurrency = 2;
        var (now, seen, gate) = (0, new ConcurrentBag<int>(), new TaskCompletionSource());
        Play(async (stream, ct) =>
        {
            await ScriptedServer.ReadHeadAsync(stream, ct);
            var here = Interlocked.Increment(ref now);
            seen.Add(here);
            if (here == 2) gate.TrySetResult();
            await gate.Task.WaitAsync(ct);
            Interlocked.Decrement(ref now);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(ScriptedServer.Ok(Right)), ct);
        });
        var validator = bench.Http01;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => validator.ValidateAsync(ValidationBench.Task(), Ct)));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsValid, outcome.Detail));
        Assert.Equal(2, seen.Max());
    }

    [Fact]
    public async Task Cancellation_OfTheCaller_IsNoOutcome()
    {
        using var stop = new CancellationTokenSource();
        Play(async (_, ct) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Http01.ValidateAsync(ValidationBench.Task(), stop.Token));
    }

    private ScriptedServer Serve(Func<string, string> answer)
    {
        var server = ScriptedServer.Http(ValidationBench.Permitted, answer);
        servers.Add(server);
        bench.Acme.Http01Port = server.Port;
        return server;
    }

    private ScriptedServer Play(Func<NetworkStream, CancellationToken, Task> play)
    {
        var server = ScriptedServer.Start(ValidationBench.Permitted, play);
        servers.Add(server);
        bench.Acme.Http01Port = server.Port;
        return server;
    }

    private Task<ValidationOutcome> ValidateAsync(string identifier = ValidationBench.Host) => bench.Http01.ValidateAsync(ValidationBench.Task(identifier), Ct);

    private async Task<ValidationOutcome> InvalidAsync(AcmeProblemType problem, string reason, string identifier = ValidationBench.Host)
    {
        var outcome = await ValidateAsync(identifier);
        Assert.False(outcome.IsValid);
        Assert.Contains(reason, outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(problem, outcome.Problem);
        return outcome;
    }
}

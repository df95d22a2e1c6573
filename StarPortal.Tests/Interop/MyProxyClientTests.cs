using System.Security.Cryptography;
using StarPortal.Tests.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>The genuine clients, one story each.</summary>
[Trait("Category", "Interop")]
public sealed class MyProxyClientTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse";

    private GridMachine machine = null!;

    private string Proxy => machine["x.proxy"];

    public async ValueTask InitializeAsync()
    {
        machine = await GridMachine.StartAsync();
        await machine.MustRunAsync($"{Passphrase}\n", "myproxy-init", "-l", "bob", "-S", "-c", "100", "-t", "10");
    }

    public ValueTask DisposeAsync() => machine.DisposeAsync();

    [Fact]
    public async Task EmptyMachine_LogsOn_WithTrustFromTheServer()
    {
        var nobody = EmptyMachine();
        var done = await machine.RunAsync($"{Passphrase}\n", nobody, "myproxy-logon", "-l", "bob", "-S", "-b", "-T", "-o", Proxy);
        Assert.Contains("A credential has been received for user bob", done.Output, StringComparison.Ordinal);
        Assert.Contains("New trusted MyProxy server: /DC=org/DC=starportal/CN=localhost", done.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(nobody["X509_CERT_DIR"], "*.signing_policy"));
    }

    [Fact]
    public async Task Proxy_IsWhatOthersExpect()
    {
        await LogOnAsync();
        var shown = await machine.MustRunAsync("", "grid-proxy-info", "-f", Proxy);
        Assert.Contains("identity : /O=StarGrid/OU=People/CN=Bob Badger", shown, StringComparison.Ordinal);
        Assert.Contains("RFC 3820 compliant impersonation proxy", shown, StringComparison.Ordinal);
        Assert.Contains(": OK", await machine.MustRunAsync("", "openssl", "verify", "-allow_proxy_certs", "-CAfile", machine["ca.pem"], "-untrusted", Proxy, Proxy), StringComparison.Ordinal);
    }

    /// <summary>A proxy of a proxy still says who it is.</summary>
    [Fact]
    public async Task Proxy_AuthenticatesItsHolder()
    {
        await LogOnAsync();
        var info = await machine.RunAsync("", new Dictionary<string, string> { ["X509_USER_PROXY"] = Proxy }, "myproxy-info", "-l", "bob");
        Assert.Contains("owner: /O=StarGrid/OU=People/CN=Bob Badger", info.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLS1_2_VERSION", true)]
    [InlineData("TLS1_3_VERSION", true)]
    [InlineData("TLS1_3_VERSION", false)]
    public async Task LogonByPassphrase_Succeeds_WhateverCertificateLiesAbout(string version, bool isExpired)
    {
        machine.WriteUser(isExpired ? machine.Pki.Issue("CN=Bob Badger,OU=People,O=StarGrid", lifetime: TimeSpan.FromHours(-1)) : new GridPki(machine.Pki.Now).Issue("CN=Stranger", RSA.Create(2048)));
        var environment = new Dictionary<string, string> { ["GLOBUS_GSSAPI_MIN_TLS_PROTOCOL"] = version, ["GLOBUS_GSSAPI_MAX_TLS_PROTOCOL"] = version };
        var done = await machine.RunAsync($"{Passphrase}\n", environment, "myproxy-logon", "-l", "bob", "-S", "-o", Proxy);
        Assert.Contains("A credential has been received for user bob", done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logon_IsRefusedInTheSameWords_ForUnknownUserAndWrongPassphrase()
    {
        var nobody = EmptyMachine();
        var unknown = await machine.RunAsync("wrong one\n", nobody, "myproxy-logon", "-l", "nobody", "-S", "-b", "-o", Proxy);
        var wrong = await machine.RunAsync("wrong one\n", nobody, "myproxy-logon", "-l", "bob", "-S", "-o", Proxy);
        Assert.Equal(Answer(unknown), Answer(wrong));
        Assert.NotEmpty(Answer(wrong));
    }

    [Fact]
    public async Task Passphrase_IsChanged_AndTheOldOneIsOfNoUse()
    {
        await machine.MustRunAsync($"{Passphrase}\nanother one\n", "myproxy-change-pass-phrase", "-l", "bob", "-S");
        Assert.NotEqual(0, (await machine.RunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-o", Proxy)).ExitCode);
        await machine.MustRunAsync("another one\n", "myproxy-logon", "-l", "bob", "-S", "-o", Proxy);
    }

    [Fact]
    public async Task StoredCredential_ComesBackAsItIs()
    {
        await machine.MustRunAsync("", "openssl", "rsa", "-aes256", "-passout", $"pass:{Passphrase}", "-in", machine["user.key"], "-out", machine["enc.key"]);
        await machine.MustRunAsync("", "myproxy-store", "-l", "bob", "-k", "eec", "-K", "a; $(description)", "-c", machine["user.pem"], "-y", machine["enc.key"], "-E", "*");
        Assert.Contains("a; $(description)", await machine.MustRunAsync("", "myproxy-info", "-l", "bob"), StringComparison.Ordinal);
        await machine.MustRunAsync($"{Passphrase}\n", "myproxy-retrieve", "-l", "bob", "-k", "eec", "-c", machine["new.pem"], "-y", machine["new.key"], "-S");
        Assert.Contains("Bob Badger", await machine.MustRunAsync("", "openssl", "x509", "-in", machine["new.pem"], "-noout", "-subject"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_IsGone_WhenItsOwnerDestroysIt()
    {
        await machine.MustRunAsync("", "myproxy-destroy", "-l", "bob");
        Assert.NotEqual(0, (await machine.RunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-o", Proxy)).ExitCode);
    }

    [Fact]
    public async Task AuthenticationAlone_IsNoFailureOfTheServers()
    {
        await machine.MustRunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-N");
        Assert.DoesNotContain("unexpectedly", machine.Portal.Output, StringComparison.Ordinal);
    }

    private Task<string> LogOnAsync() => machine.MustRunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-t", "5", "-o", Proxy);

    private Dictionary<string, string> EmptyMachine() => new(StringComparer.Ordinal)
    {
        ["X509_CERT_DIR"] = machine["empty", "certs"], ["X509_USER_CERT"] = machine["none"], ["X509_USER_KEY"] = machine["none"], ["X509_USER_PROXY"] = machine["none"],
    };

    /// <summary>What the server said.</summary>
    private static string Answer(Tool done) => done.Output.Contains("ERROR from", StringComparison.Ordinal) ? done.Output[done.Output.IndexOf("ERROR from", StringComparison.Ordinal)..].Split("Bootstrapping")[0].Trim() : "";
}

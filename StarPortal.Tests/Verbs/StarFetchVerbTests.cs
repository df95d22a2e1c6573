using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Tests.Reliability;
using StarPortal.Tests.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Verbs;

/// <summary>The built program on a machine that uses a STAR certificate: a server over TLS with a private root, signals, and kills.</summary>
[Trait("Category", "Interop")]
public sealed class StarFetchVerbTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();

    private readonly StarLeafs leafs = new();

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private StarServer server = null!;

    private string Out => folder["out"];

    private string Place => folder["out", "site.pem"];

    private string Ran => folder["ran"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Out);
        Directory.CreateDirectory(folder["work"]);
        await File.WriteAllTextAsync(folder["root.pem"], leafs.IssuerPem, Ct);
        await File.WriteAllTextAsync(folder["out", "site.key"], key.ExportPkcs8PrivateKeyPem(), Ct);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = leafs.Leaf(serverKey, TestClock.ProcessStart.AddHours(-1), TestClock.ProcessStart.AddDays(1));
        using var pair = certificate.CopyWithPrivateKey(serverKey);
        server = await StarServer.StartAsync(X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        key.Dispose();
        leafs.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Once_PutsTheCertificateInPlace_AndRunsTheHookOnlyWhenItIsNew()
    {
        var pem = Serve();
        Assert.Equal(0, (await RunAsync([.. Arguments, "--once", "--exec", $"echo \"$STARPORTAL_CERTIFICATE\" >> {Ran}"])).Code);
        Assert.Equal((pem, Place + "\n"), (await File.ReadAllTextAsync(Place, Ct), await File.ReadAllTextAsync(Ran, Ct)));

        var (code, output, error) = await RunAsync([.. Arguments, "--once", "--exec", $"echo again >> {Ran}"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^\S+Z Unchanged\. The certificate in place is valid until [^\n]+\n$", output);
        Assert.Equal(Place + "\n", await File.ReadAllTextAsync(Ran, Ct));
        Assert.Empty(Directory.GetFileSystemEntries(folder["work"])); // No portal was made.
    }

    [Fact]
    public async Task Once_Fails_WhenTheServersRootIsNotTrusted()
    {
        Serve();
        var (code, output, error) = await RunAsync([.. Arguments[..^2], "--once"]);
        Assert.Equal((1, "", 0), (code, output, server.Requests));
        Assert.Matches(@"^\S+Z The server can't be asked: [^\n]*certificate[^\n]+ No certificate is in place\.\n$", error);
    }

    [Fact]
    public async Task Once_Fails_WhenTheServerHasAnotherName()
    {
        Serve();
        string[] arguments = [.. Arguments, "--once"];
        arguments[2] = arguments[2].Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        Assert.Equal((1, 0), ((await RunAsync(arguments)).Code, server.Requests));
    }

    [Theory]
    [InlineData("autoRenewalCanceled", "was canceled")]
    [InlineData("autoRenewalExpired", "is over")]
    public async Task Program_EndsWith1_WhenNoOtherCertificateWillCome(string type, string words)
    {
        server.Refuses(type);
        var (code, _, error) = await RunAsync(Arguments);
        Assert.Equal(1, code);
        Assert.Matches($"^[^\n]*{words}[^\n]*\n$", error);
    }

    [Fact]
    public async Task Once_EndsWith1_WhenTheHookFails()
    {
        Serve();
        var (code, _, error) = await RunAsync([.. Arguments, "--once", "--exec", "exit 7"]);
        Assert.Equal((1, true), (code, File.Exists(Place)));
        Assert.Contains("The hook ended with 7", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_EndsTheProgramCleanly(string signal)
    {
        Serve();
        using var process = Start(Arguments);
        var error = process.StandardError.ReadToEndAsync(Ct);
        while (await process.StandardOutput.ReadLineAsync(Ct) is { } line && !line.Contains("Next poll", StringComparison.Ordinal)) continue;
        await Tool.MustRunAsync("/bin/sh", "-c", $"kill -{signal} {process.Id}");
        await process.WaitForExitAsync(Ct);
        Assert.Equal((0, "", true), (process.ExitCode, await error, File.Exists(Place)));
    }

    [Theory]
    [InlineData("star")]
    [InlineData("star fetch")]
    [InlineData("star fetch https://a.example/ --name a")]
    [InlineData("star fetch https://a.example/ --out /tmp")]
    [InlineData("star fetch http://a.example/ --out /tmp --name a")]
    [InlineData("star fetch /etc/passwd --out /tmp --name a")]
    [InlineData("star fetch https://a.example/ --out /no/such/folder --name a")]
    [InlineData("star fetch https://a.example/ --out /tmp --name ../a")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a --ca-file /no/such/file")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a --ca-file /dev/null")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a --exec")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a --name b")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a surplus")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a --often")]
    [InlineData("star fetch https://a.example/ --out /tmp --name a --Portal:Name=x")]
    public async Task WrongUse_IsExitCode2_AndOneLine(string arguments)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Matches("^starportal: [^\n]+\n$", error);
    }

    /// <summary>The real program is killed at that instant, as kill -9 would; the next run makes all good.</summary>
    [Theory]
    [InlineData(".part", false)] // Between writing and renaming.
    [InlineData("site.pem", true)] // Between renaming and the hook.
    public async Task KilledProgram_LeavesAWholeCertificate_AndTheNextRunTheHook(string instant, bool isReplaced)
    {
        string[] arguments = [.. Arguments, "--once", "--exec", $"cp \"$STARPORTAL_CERTIFICATE\" {Ran}"];
        var old = Serve(hours: 1);
        Assert.Equal(0, (await RunAsync(arguments)).Code);
        File.Delete(Ran);

        var (crash, fresh) = (new CrashPoint(folder), Serve(hours: 5));
        crash.Arm();
        Assert.Equal(CrashPoint.Killed, (await RunAsync(arguments, crash.At(instant, folders: Out))).Code);
        Assert.Equal((isReplaced ? fresh : old, false), (await File.ReadAllTextAsync(Place, Ct), File.Exists(Ran)));

        Assert.Equal(0, (await RunAsync(arguments)).Code);
        Assert.Equal((fresh, fresh), (await File.ReadAllTextAsync(Place, Ct), await File.ReadAllTextAsync(Ran, Ct)));
    }

    private string[] Arguments => ["star", "fetch", server.Url.AbsoluteUri, "--out", Out, "--name", "site", "--ca-file", folder["root.pem"]];

    private string Serve(int hours = 5)
    {
        var pem = leafs.Chain(key, TestClock.ProcessStart.AddHours(-1), TestClock.ProcessStart.AddHours(hours));
        server.Answers(pem);
        return pem;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, Dictionary<string, string>? environment = null)
    {
        using var process = Start(arguments, environment);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Tests that run in the background of a shell inherit that SIGINT is ignored; a program by itself does not.</summary>
    private Process Start(string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Repository.WebProgram, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder["work"],
        };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

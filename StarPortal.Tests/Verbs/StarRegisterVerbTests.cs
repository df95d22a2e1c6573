using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Delegation;
using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Verbs;

/// <summary>The built program on a consumer's machine: against a portal that a test plays, with kills, and against the real one.</summary>
[Trait("Category", "Interop")]
public sealed class StarRegisterVerbTests : IAsyncLifetime
{
    private const string Credential = "0123:secret";

    private readonly TestFolder folder = new();

    private PlayedPortal portal = null!;

    private string Out => folder["out"];

    private string KeyPath => folder["out", "site.key"];

    private string Place => folder["out", "site.pem"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Out);
        Directory.CreateDirectory(folder["work"]);
        await File.WriteAllTextAsync(folder["credential"], Credential + "\n", Ct);
        portal = await PlayedPortal.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Key_IsMade_Registered_WaitedFor_AndCertified()
    {
        portal.PendingAnswers = 1;
        var (code, output, error) = await RunAsync([.. Arguments, "--once", "--lifetime", "30", "--validity", "12"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("is pending", output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        using var pair = X509Certificate2.CreateFromPemFile(Place, KeyPath);
        var asked = Assert.Single(portal.Registrations);
        Assert.Equal((30, 12), ((int)asked.Body["lifetime"]!, (int)asked.Body["validity"]!));
        Assert.Equal(Convert.ToBase64String(Encoding.ASCII.GetBytes(Credential)), asked.Basic);
        Assert.True(CsrTemplateCheck.Check(CsrTemplatePreset.Web.Fill(["localhost"]), PlayedPortal.CsrOf(asked.Body), _ => false).IsAllowed);
        Assert.Empty(Directory.GetFileSystemEntries(folder["work"])); // No portal was made.
    }

    [Fact]
    public async Task SecondRun_GoesOnWithTheCertificate_WithoutAskingThePortal()
    {
        Assert.Equal(0, (await RunAsync([.. Arguments, "--once"])).Code);
        var (code, output, _) = await RunAsync([.. Arguments, "--once"]);
        Assert.Equal(0, code);
        Assert.Contains("Unchanged", output, StringComparison.Ordinal);
        Assert.Single(portal.Registrations);
    }

    /// <summary>The real program is killed at that instant, as kill -9 would.</summary>
    [Theory]
    [InlineData("site.key")] // The key is there, and nobody was asked.
    [InlineData(".registration")] // The portal has said where the certificate is.
    public async Task KilledProgram_RegistersTheSameKeyByTheSameIdempotencyKey(string instant)
    {
        var crash = new CrashPoint(folder);
        crash.Arm();
        Assert.Equal(CrashPoint.Killed, (await RunAsync([.. Arguments, "--once"], crash.At(instant, folders: Out))).Code);
        var key = await File.ReadAllTextAsync(KeyPath, Ct);
        Assert.Equal(0, (await RunAsync([.. Arguments, "--once"])).Code);
        Assert.Equal(key, await File.ReadAllTextAsync(KeyPath, Ct));
        Assert.Single(portal.Registrations.Select(asked => asked.IdempotencyKey).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LostNote_IsAskedForAgain_ByTheSameIdempotencyKey()
    {
        Assert.Equal(0, (await RunAsync([.. Arguments, "--once"])).Code);
        File.Delete(folder["out", ".site.registration"]);
        Assert.Equal(0, (await RunAsync([.. Arguments, "--once"])).Code);
        Assert.Equal(2, portal.Registrations.Count);
        Assert.Single(portal.Registrations.Select(asked => asked.IdempotencyKey).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Program_EndsWith1_AndTheReason_WhenTheRegistrationFails()
    {
        portal.Reason = "The owner of the names refused.";
        var (code, _, error) = await RunAsync(Arguments);
        Assert.Equal(1, code);
        Assert.Matches("^[^\n]+The owner of the names refused\\.\n$", error);
    }

    [Fact]
    public async Task Program_EndsWith1_WhenThePortalRefuses()
    {
        portal.Refusal = 403;
        var (code, _, error) = await RunAsync(Arguments);
        Assert.Equal(1, code);
        Assert.Matches("^[^\n]+answers 403: No delegation\\.\n$", error);
    }

    [Fact]
    public async Task Once_EndsWith1_WhenThePortalIsBusy()
    {
        portal.Refusal = 503;
        Assert.Equal(1, (await RunAsync([.. Arguments, "--once"])).Code);
        Assert.Single(portal.Registrations);
    }

    [Fact]
    public async Task Credential_GoesToNoOtherServer()
    {
        await using var other = await PlayedPortal.StartAsync();
        (portal.CompletionHost, portal.PendingAnswers) = (other.Url, 1);
        var (code, _, error) = await RunAsync(Arguments);
        Assert.Equal((1, 0), (code, other.Requests));
        Assert.Contains($"it is at {other.Url.GetLeftPart(UriPartial.Authority)}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_ThatIsThere_IsRegistered_OrIsWrongUseWhereTheTemplateWantsAnother()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(KeyPath, key.ExportECPrivateKeyPem(), Ct);
        Assert.Equal(0, (await RunAsync([.. Arguments, "--once"])).Code);
        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(KeyPath, rsa.ExportPkcs8PrivateKeyPem(), Ct);
        var (code, _, error) = await RunAsync([.. Arguments, "--once"]);
        Assert.Equal(2, code);
        Assert.Contains("RSA 2048", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_IsFilledWithWhatItLeavesOpen()
    {
        await File.WriteAllTextAsync(folder["template.json"], """
            {"keyTypes":[{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp256r1","SignatureType":"ecdsa-with-SHA256"}],"subject":{"country":"**"},"extensions":{"subjectAltName":{"DNS":["**"]}}}
            """, Ct);
        string[] arguments = [.. Arguments, "--template", folder["template.json"], "--once"];
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal((2, false), (code, File.Exists(KeyPath)));
        Assert.Contains("country is missing", error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync([.. arguments, "--subject", "country=CA"])).Code);
    }

    [Theory]
    [InlineData("star register")]
    [InlineData("star register http://a.example --out /tmp --name a --dns a.example")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --lifetime 0")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --validity soon")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --template /no/such/file")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --credential-file /no/such/file")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --credential-file /dev/null")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --subject country")]
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example")] // No credential at all.
    [InlineData("star register https://a.example --out /tmp --name a --dns a.example --token x")]
    public async Task WrongUse_IsExitCode2_AndOneLine(string arguments)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Matches("^starportal: [^\n]+\n$", error);
    }

    [Fact]
    public async Task RealPortal_GrantsWhatItsOwnerDelegated_AndOneRegistrationForTwoRuns()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await File.WriteAllTextAsync(folder["root.pem"], scene.Portal.RootPem, Ct);
        string[] arguments = ["star", "register", scene.Portal.BaseUrl.AbsoluteUri, "--out", Out, "--name", "site", "--dns", DelegationScene.Name, "--ca-file", folder["root.pem"], "--once"];
        var environment = new Dictionary<string, string> { ["STARPORTAL_CREDENTIAL"] = $"{scene.Consumer.Id:N}:{scene.Token}" };
        for (var run = 0; run < 2; run++)
        {
            var running = RunAsync(arguments, environment);
            while (await Task.WhenAny(running, Task.Delay(100, Ct)) != running) await scene.WorkAsync();
            Assert.Equal((0, ""), ((await running).Code, (await running).Error));
            File.Delete(folder["out", ".site.registration"]);
        }

        using var pair = X509Certificate2.CreateFromPemFile(Place, KeyPath);
        Assert.True(pair.MatchesHostname(DelegationScene.Name));
        await using var db = scene.Portal.NewDb();
        Assert.Single(db.DelegatedOrders);
    }

    private string[] Arguments => ["star", "register", portal.Url.AbsoluteUri, "--out", Out, "--name", "site", "--credential-file", folder["credential"], "--dns", "localhost"];

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.WebProgram, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder["work"] };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await error);
    }
}

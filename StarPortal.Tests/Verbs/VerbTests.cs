using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Verbs;

/// <summary>The built program's command line.</summary>
[Trait("Category", "Interop")]
public sealed class VerbTests : IDisposable
{
    private static readonly Actor Auditor = new(Guid.NewGuid(), "auditor", [new ActorGrant(PortalRole.Auditor, null)]) { HasSecondFactor = true };

    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Version_IsPrinted()
    {
        var (code, output, _) = await RunAsync("version");
        Assert.Equal(0, code);
        Assert.Matches(@"^starportal \d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("verify-audit surplus")]
    [InlineData("verify-audit --file /no/such/file.json")]
    [InlineData("verify-audit --known 3")]
    [InlineData("mail-test")]
    [InlineData("myproxy")]
    [InlineData("myproxy nonsense")]
    [InlineData("myproxy lock --user ada")]
    [InlineData("myproxy unlock")]
    [InlineData("myproxy query --expiring-hours 0")]
    [InlineData("myproxy query --expiring-hours soon")]
    [InlineData("myproxy import")]
    [InlineData("myproxy export")]
    [InlineData("mail-test not-an-address")]
    [InlineData("--Portal:Name")]
    public async Task WrongUse_IsExitCode2_AndOneLine(string arguments)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Matches("^starportal: [^\n]+\n$", error);
    }

    [Theory]
    [InlineData("verify-audit")]
    [InlineData("setup-link")]
    [InlineData("myproxy query")]
    [InlineData("mail-test a@example.org --Mail:Transport=Smtp --Mail:Host=localhost --Mail:Port=9")]
    [InlineData("mail-test a@example.org --Mail:Transport=Pigeon")]
    public async Task Failure_IsExitCode1_AndOneLineWithoutStackTrace(string arguments)
    {
        var (code, output, error) = await RunAsync([.. arguments.Split(' '), $"--Portal:DataDirectory={folder["none"]}"]);
        Assert.Equal((1, ""), (code, output));
        Assert.Matches("^starportal: [^\n]+\n$", error);
        Assert.False(File.Exists(folder["none", "portal.db"]));
    }

    [Fact]
    public async Task VerifyAudit_PrintsCountAndHead_AndFindsTampering()
    {
        await using var portal = await TestPortal.StartAsync(provider: DatabaseProvider.Sqlite);
        var verdict = await portal.Get<AuditVerifier>().VerifyAsync(Ct);
        var head = $"{verdict.Count}:{verdict.HeadHash}";
        var (code, output, _) = await RunAsync("verify-audit", Data(portal), "--known", head);
        Assert.Equal(0, code);
        Assert.Contains($"{verdict.Count} records, all sound. Head {head}", output, StringComparison.Ordinal);

        await using (var db = portal.NewDb())
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM AuditRecords WHERE Sequence = {verdict.Count}", Ct);
            Assert.Equal(0, (await RunAsync("verify-audit", Data(portal))).Code); // A log that was cut off is a sound chain …
            var (cutCode, _, cutError) = await RunAsync("verify-audit", Data(portal), "--known", head); // … but not the one that was known.
            Assert.Equal(1, cutCode);
            Assert.Contains("cut off", cutError, StringComparison.Ordinal);

            await db.Database.ExecuteSqlAsync($"UPDATE AuditRecords SET Detail = 'harmless' WHERE Sequence = 2", Ct);
        }

        var (brokenCode, _, error) = await RunAsync("verify-audit", Data(portal));
        Assert.Equal(1, brokenCode);
        Assert.Contains("Record 2 was edited", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAudit_NeedsNoPortal_ForAFile()
    {
        await using var portal = await TestPortal.StartAsync();
        await using (var file = File.Create(folder["export.json"])) await portal.Get<AuditExport>().WriteJsonAsync(new AuditFilter(), file, Auditor, Ct);
        Assert.Equal(0, (await RunAsync("verify-audit", "--file", folder["export.json"])).Code);

        var text = await File.ReadAllTextAsync(folder["export.json"], Ct);
        await File.WriteAllTextAsync(folder["export.json"], text.Replace("\"actorName\":\"auditor\"", "\"actorName\":\"nobody\"", StringComparison.Ordinal), Ct);
        var (code, _, error) = await RunAsync("verify-audit", "--file", folder["export.json"]);
        Assert.Equal(1, code);
        Assert.Contains("Edited", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetupLink_IsPrinted_AndRefusedOnceThereIsAnAdministrator()
    {
        await using var portal = await TestPortal.StartAsync(provider: DatabaseProvider.Sqlite);
        var (code, output, _) = await RunAsync("setup-link", Data(portal), "--Portal:PublicUrl=https://portal.example.org");
        Assert.Equal(0, code);
        Assert.Matches("^https://portal\\.example\\.org/setup/[A-Za-z0-9_-]{43}\\s*$", output);
        await portal.AddAdministratorAsync();
        Assert.Equal(1, (await RunAsync("setup-link", Data(portal))).Code);
    }

    [Fact]
    public async Task MyProxy_QueriesLocksExportsAndImports()
    {
        await using var portal = await TestPortal.StartAsync(provider: DatabaseProvider.Sqlite);
        var ada = (await Clients.AddStoredAsync(portal)).Actor.Name;
        portal.Freeze();

        var (code, output, error) = await RunAsync("myproxy", "query", "--user", ada, Data(portal));
        Assert.Equal((0, "1 credentials.\n"), (code, error));
        Assert.Matches($"^{ada}\t\t/DC=org/[^\t]+\t[^\t]+\tUsable\tnever\t\n$", output);
        Assert.Equal(0, (await RunAsync("myproxy", "lock", "--user", ada, "--message", "come to room 12", Data(portal))).Code);
        Assert.Contains("\tLocked\tnever\tcome to room 12", (await RunAsync("myproxy", "query", "--expiring-hours", "100000", Data(portal))).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("myproxy", "unlock", "--user", ada, Data(portal))).Code);
        Assert.Equal((1, "", "starportal: This credential is not locked.\n"), await RunAsync("myproxy", "unlock", "--user", ada, Data(portal)));
        Assert.Equal((0, "1 written, 0 as before, 0 removed, 0 left out.\n", ""), await RunAsync("myproxy", "export", folder["store"], Data(portal)));
        var (importCode, imported, problem) = await RunAsync("myproxy", "import", folder["store"], Data(portal));
        Assert.Equal((1, "0 imported, 0 as before, 0 removed, 1 left out.\n"), (importCode, imported));
        Assert.Contains("did not come from a directory", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailTest_PrintsTheAnswer()
    {
        var (code, output, _) = await RunAsync("mail-test", "a@example.org", $"--Portal:DataDirectory={folder.FullPath}");
        Assert.Equal(0, code);
        Assert.Contains("Written to mail/", output, StringComparison.Ordinal);
        Assert.Equal("Test mail from StarPortal", Assert.Single(SentMail.ReadAll(folder["mail"])).Subject);
    }

    [Fact]
    public async Task MailTest_TrustsWhatTheSystemTrusts()
    {
        var (_, (certificate, key)) = SmtpSink.MakeCertificate(folder);
        await using var sink = await SmtpSink.StartAsync("--cert", certificate, "--key", key);
        string[] arguments = ["mail-test", "a@example.org", "--Mail:Transport=Smtp", "--Mail:Host=localhost", $"--Mail:Port={sink.Port}", "--Mail:RequireTls=true"];
        Assert.Equal(1, (await RunAsync(arguments)).Code);

        var (code, output, error) = await RunAsync(new() { ["SSL_CERT_FILE"] = certificate }, arguments);
        Assert.True(code == 0, error);
        Assert.Contains("over TLS", output, StringComparison.Ordinal);
        Assert.Single(await sink.MessagesAsync());
    }

    private static string Data(TestPortal portal) => $"--Portal:DataDirectory={portal.DataDirectory}";

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    private async Task<(int Code, string Output, string Error)> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.WebProgram, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullPath,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await error);
    }
}

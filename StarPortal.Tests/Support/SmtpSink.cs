using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace StarPortal.Tests.Support;

/// <summary>Debian's aiosmtpd as a process of its own: a real SMTP server with STARTTLS and AUTH.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private const string Program = "/usr/bin/python3";

    private readonly Process process;

    private readonly ConcurrentQueue<JsonElement> events = [];

    private TaskCompletionSource heard = new();

    private SmtpSink(Process process) => this.process = process;

    public int Port { get; private set; }

    /// <summary>What happened up to now, such as <c>message</c>, <c>refused</c>, <c>rejected</c>, <c>wrong-password</c>.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync() => [.. (await HearAsync()).Select(said => said.GetProperty("event").GetString()!)];

    /// <summary>The messages accepted up to now: envelope and content.</summary>
    public async Task<IReadOnlyList<JsonElement>> MessagesAsync() => [.. (await HearAsync()).Where(said => said.GetProperty("event").GetString() == "message")];

    /// <summary>A certificate for localhost that this process's mail client trusts (and no other).</summary>
    public static (string Certificate, string Key) MakeTrustedCertificate(TestFolder folder)
    {
        var (certificate, paths) = MakeCertificate(folder);
        var trusted = certificate.GetCertHashString(HashAlgorithmName.SHA256);
#pragma warning disable SYSLIB0014, CA5359, MA0039 // The mail client takes its trust from nowhere else; only this very certificate is accepted.
        ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == trusted;
#pragma warning restore SYSLIB0014, CA5359, MA0039
        return paths;
    }

    public static (X509Certificate2 Certificate, (string Certificate, string Key) Paths) MakeCertificate(TestFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(TestClock.ProcessStart.AddDays(-1), TestClock.ProcessStart.AddDays(1));
        var paths = (folder["smtp.pem"], folder["smtp.key"]);
        File.WriteAllText(paths.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(paths.Item2, key.ExportPkcs8PrivateKeyPem());
        return (certificate, paths);
    }

    /// <param name="arguments">Those of <c>smtp_sink.py</c>.</param>
    public static async Task<SmtpSink> StartAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/python3/dist-packages/aiosmtpd/smtp.py"), "No SMTP server: install python3-aiosmtpd, as ./test.sh does.");
        var script = Path.Combine(AppContext.BaseDirectory, "Interop", "smtp_sink.py");
        var start = new ProcessStartInfo(Program, [script, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true };
        var sink = new SmtpSink(new Process { StartInfo = start });
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.process.OutputDataReceived += (_, line) => sink.Hear(line.Data, listening);
        sink.process.Start();
        sink.process.BeginOutputReadLine();
        sink.Port = await listening.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Asks the server to say something: all it said before has then arrived.</summary>
    private async Task<IReadOnlyList<JsonElement>> HearAsync()
    {
        var answer = heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await process.StandardInput.WriteLineAsync("?");
        await process.StandardInput.FlushAsync();
        await answer.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return [.. events];
    }

    private void Hear(string? line, TaskCompletionSource<int> listening)
    {
        if (line is null) return;
        var said = JsonSerializer.Deserialize<JsonElement>(line);
        switch (said.GetProperty("event").GetString())
        {
            case "listening": listening.TrySetResult(said.GetProperty("port").GetInt32()); break;
            case "heard": heard.TrySetResult(); break;
            default: events.Enqueue(said); break;
        }
    }
}

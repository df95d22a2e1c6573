using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Debian's pebble as a process of its own, that validates for real and refuses three nonces of ten.</summary>
internal sealed class PebbleProcess : IAsyncDisposable
{
    /// <summary>Of the key id key-1, for accounts that need a binding.</summary>
    public const string MacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    private const string Program = "/usr/bin/pebble";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TestFolder folder = new();
    private readonly int[] ports = FreePorts.Take(2);
    private Process? process;

    public UpstreamServer Server => new(new Uri($"https://localhost:{ports[0]}/dir"))
    {
        RootsPem = File.ReadAllText(folder["tls.pem"]), Limits = new() { PollInterval = TimeSpan.FromMilliseconds(100), MaxWait = TimeSpan.FromSeconds(30) },
    };

    /// <param name="dns">Where it looks names up.</param>
    /// <param name="httpPort">Where it asks for http-01 instead of port 80.</param>
    public static async Task<PebbleProcess> StartAsync(string dns, int httpPort, bool needsBinding = false)
    {
        Assert.SkipUnless(File.Exists(Program), "No other CA: install pebble, as ./test.sh does.");
        var pebble = new PebbleProcess();
        pebble.MakeCertificate();
        await pebble.RunAsync(dns, httpPort, needsBinding);
        return pebble;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        folder.Dispose();
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TestClock.ProcessStart.AddHours(-1), TestClock.ProcessStart.AddDays(1));
        File.WriteAllText(folder["tls.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder["tls.key"], key.ExportECPrivateKeyPem());
    }

    private async Task RunAsync(string dns, int httpPort, bool needsBinding)
    {
        await File.WriteAllTextAsync(folder["pebble.json"], $$"""
            {"pebble":{"listenAddress":"127.0.0.1:{{ports[0]}}","managementListenAddress":"127.0.0.1:{{ports[1]}}","certificate":"{{folder["tls.pem"]}}","privateKey":"{{folder["tls.key"]}}",
            "httpPort":{{httpPort}},"tlsPort":1,"ocspResponderURL":"","externalAccountBindingRequired":{{(needsBinding ? "true" : "false")}},"externalAccountMACKeys": { "key-1": "{{MacKey}}" } } }
            """);
        var start = new ProcessStartInfo(Program, ["-config", folder["pebble.json"], "-dnsserver", dns]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PEBBLE_VA_NOSLEEP"], start.Environment["PEBBLE_WFE_NONCEREJECT"], start.Environment["PEBBLE_AUTHZREUSE"]) = ("1", "20", "0");
        start.Environment.Remove("PEBBLE_VA_ALWAYS_VALID");
        process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilListeningAsync(ports[0]);
    }

    private static async Task UntilListeningAsync(int port)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException) when (watch.Elapsed < StartLimit)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }
}

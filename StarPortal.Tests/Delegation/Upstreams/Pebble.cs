using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Debian's pebble as a process of its own, that validates for real: names are looked up at a <see cref="ChallengeServer"/>, where all are at 127.0.0.1.</summary>
public sealed class Pebble : IAsyncLifetime
{
    public const string MacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    private const string Program = "/usr/bin/pebble";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TestFolder folder = new();
    private readonly int[] ports = FreePorts.Take(5);
    private readonly List<Process> processes = [];

    public ChallengeServer Dns { get; private set; } = null!;

    /// <summary>Where http-01 is asked instead of port 80.</summary>
    public int HttpPort => ports[2];

    public UpstreamServer Server => ServerAt(ports[0]);

    /// <summary>Another one, whose accounts need a binding: key-1 with <see cref="MacKey"/>.</summary>
    public UpstreamServer BoundServer => ServerAt(ports[3]);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Program), "No other CA: install pebble, as ./test.sh does.");
        Dns = await ChallengeServer.StartAsync();
        MakeCertificate();
        await StartAsync(ports[0], ports[1], needsBinding: false);
        await StartAsync(ports[3], ports[4], needsBinding: true);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (Dns is not null) await Dns.DisposeAsync();
        folder.Dispose();
    }

    private UpstreamServer ServerAt(int port) => new(new Uri($"https://localhost:{port}/dir")) { RootsPem = File.ReadAllText(folder["tls.pem"]), Limits = new() { PollInterval = TimeSpan.FromMilliseconds(100), MaxWait = TimeSpan.FromSeconds(30) } };

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

    private async Task StartAsync(int port, int managementPort, bool needsBinding)
    {
        var configuration = folder[$"{port}.json"];
        await File.WriteAllTextAsync(configuration, $$"""
            {"pebble":{"listenAddress":"127.0.0.1:{{port}}","managementListenAddress":"127.0.0.1:{{managementPort}}","certificate":"{{folder["tls.pem"]}}","privateKey":"{{folder["tls.key"]}}",
            "httpPort":{{HttpPort}},"tlsPort":1,"ocspResponderURL":"","externalAccountBindingRequired":{{(needsBinding ? "true" : "false")}},"externalAccountMACKeys": { "key-1": "{{MacKey}}" } } }
            """);
        var start = new ProcessStartInfo(Program, ["-config", configuration, "-dnsserver", $"127.0.0.1:{Dns.DnsPort}"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PEBBLE_VA_NOSLEEP"], start.Environment["PEBBLE_WFE_NONCEREJECT"]) = ("1", "30"); // Three requests of ten are refused with badNonce.
        start.Environment["PEBBLE_AUTHZREUSE"] = "0";
        start.Environment.Remove("PEBBLE_VA_ALWAYS_VALID");
        var process = Process.Start(start)!;
        processes.Add(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilListeningAsync(port);
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

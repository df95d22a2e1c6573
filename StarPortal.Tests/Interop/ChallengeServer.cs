using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>
/// Debian's pebble-challtestsrv as a process of its own: a DNS server in which every name has the address 127.0.0.1, and TXT and CAA records are what was
/// set over HTTP.
/// </summary>
public sealed class ChallengeServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/pebble-challtestsrv";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly HttpClient management;

    private ChallengeServer(Process process, int dnsPort, int managementPort)
    {
        (this.process, DnsPort) = (process, dnsPort);
        management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{managementPort}/") };
    }

    /// <summary>UDP and TCP on 127.0.0.1.</summary>
    public int DnsPort { get; }

    /// <summary>Where records are set.</summary>
    public Uri ManagementUrl => management.BaseAddress!;

    public static async Task<ChallengeServer> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Program), "No DNS server to set records at: install pebble, as ./test.sh does.");
        var ports = FreePorts.Take(2);
        var start = new ProcessStartInfo(Program, ["-dns01", $"127.0.0.1:{ports[0]}", "-management", $"127.0.0.1:{ports[1]}", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var server = new ChallengeServer(Process.Start(start)!, ports[0], ports[1]);
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        foreach (var port in ports) await WaitUntilListeningAsync(port);
        return server;
    }

    public Task SetTextAsync(string name, string value) => SetAsync("set-txt", new { host = $"{name}.", value });

    public Task ClearTextAsync(string name) => SetAsync("clear-txt", new { host = $"{name}." });

    /// <summary>The only CAA record of a name.</summary>
    public Task SetCaaAsync(string name, string tag, string value) => SetAsync("add-caa", new { host = $"{name}.", policies = new[] { new { tag, value } } });

    public async ValueTask DisposeAsync()
    {
        management.Dispose();
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task SetAsync(string what, object record)
    {
        using var answer = await management.PostAsJsonAsync(new Uri(what, UriKind.Relative), record, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task WaitUntilListeningAsync(int port)
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

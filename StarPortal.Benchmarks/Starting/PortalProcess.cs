using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Benchmarks.Starting;

/// <summary>The real web application in a process of its own, which can be killed and started again on the same folder and ports.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private const int KeptLines = 200;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();

    private PortalProcess(Process process, PortalLaunch launch) => (this.process, Launch) = (process, launch);

    public PortalLaunch Launch { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The last lines that it has printed.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Resident memory in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it and returns at once.</summary>
    public static PortalProcess Begin(PortalLaunch launch)
    {
        var start = new ProcessStartInfo("dotnet", [launch.Program, .. launch.Demo ? ["--demo"] : Array.Empty<string>()])
        {
            WorkingDirectory = launch.DataDirectory, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Portal__DataDirectory"] = launch.DataDirectory;
        start.Environment["Portal__HttpsPort"] = $"{launch.HttpsPort}";
        start.Environment["Portal__HttpPort"] = $"{launch.HttpPort}";
        start.Environment["Star__LookupPort"] = "0";
        start.Environment["MyProxy__Port"] = "0";
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;

        var portal = new PortalProcess(new Process { StartInfo = start }, launch);
        portal.process.OutputDataReceived += (_, line) => portal.Keep(line.Data);
        portal.process.ErrorDataReceived += (_, line) => portal.Keep(line.Data);
        portal.process.Start();
        portal.process.BeginOutputReadLine();
        portal.process.BeginErrorReadLine();
        return portal;
    }

    /// <summary>Starts it and waits until it is ready to serve.</summary>
    public static async Task<PortalProcess> StartAsync(PortalLaunch launch, CancellationToken ct)
    {
        var portal = Begin(launch);
        try
        {
            if (!await portal.WaitUntilReadyAsync(ct)) throw new InvalidOperationException($"The portal ended with {portal.process.ExitCode}:\n{portal.Output}");
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <returns>False when the process ended instead.</returns>
    /// <exception cref="TimeoutException">It runs, and does not get ready.</exception>
    public async Task<bool> WaitUntilReadyAsync(CancellationToken ct)
    {
        using var client = NewClient(cookies: false);
        var begun = Stopwatch.GetTimestamp();
        while (!process.HasExited)
        {
            try
            {
                using var response = await client.GetAsync("/readyz", ct);
                if (response.IsSuccessStatusCode) return true;
            }
            catch (Exception error) when (error is HttpRequestException or FileNotFoundException or DirectoryNotFoundException)
            {
                // Not listening yet.
            }

            if (Stopwatch.GetElapsedTime(begun) > StartLimit) throw new TimeoutException($"The portal is not ready after {StartLimit}:\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(25), ct);
        }

        await process.WaitForExitAsync(ct);
        return false;
    }

    /// <summary>A visitor that trusts our root and nothing else, follows no redirect and keeps cookies.</summary>
    public HttpClient NewClient(bool cookies = true)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => errors is not SslPolicyErrors.RemoteCertificateNameMismatch && IsOurs(certificate);
        return new HttpClient(handler) { BaseAddress = Launch.BaseAddress, Timeout = TimeSpan.FromSeconds(60), DefaultRequestVersion = HttpVersion.Version11 };
    }

    /// <summary>As kill -9.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code; 137 is SIGKILL's.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await process.WaitForExitAsync(ct);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private bool IsOurs(X509Certificate? certificate)
    {
        using var root = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(Launch.DataDirectory, "pki", "root.pem")));
        using var issuer = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(Launch.DataDirectory, "pki", "servers.pem")));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.Add(issuer);
        return certificate is X509Certificate2 presented && chain.Build(presented);
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        output.Enqueue(line);
        if (output.Count > KeptLines) output.TryDequeue(out _);
    }
}

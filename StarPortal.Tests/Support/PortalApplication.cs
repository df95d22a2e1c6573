using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Support;

/// <summary>User name and password of a demo persona.</summary>
public sealed record Persona(string UserName, string Password);

/// <summary>
/// The built web application as a process of its own, on free loopback ports and a temporary data folder. It can be killed as a power cut
/// would kill it, and started again on what it left behind.
/// </summary>
public sealed class PortalApplication : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TestFolder folder = new();
    private readonly StringBuilder output = new();
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly TestDatabase? database;
    private readonly int[] ports = FreePorts.Take(3);
    private Process? process;
    private HttpClient? client;

    private PortalApplication(IReadOnlyDictionary<string, string>? settings, TestDatabase? database) =>
        (this.settings, this.database) = (settings ?? new Dictionary<string, string>(), database);

    public Uri BaseUrl => new($"https://localhost:{ports[0]}/");

    /// <summary>Plain HTTP: CRL, OCSP and AIA.</summary>
    public Uri PkiUrl => new($"http://localhost:{ports[1]}/");

    public int MyProxyPort => ports[2];

    public string DataDirectory => folder.FullPath;

    /// <summary>Trusts the portal's own root and nothing else; keeps cookies.</summary>
    public HttpClient Client => client ??= NewClient();

    public IReadOnlyList<SentMail> Mails => SentMail.ReadAll(folder["mail"]);

    /// <summary>What the process wrote to its console.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Memory of the process that no other process has, in bytes (Linux).</summary>
    public long ResidentBytes => Process.GetProcessById(process!.Id).WorkingSet64;

    public bool HasExited => process!.HasExited;

    /// <summary>On SQLite with the CA and schema of this test run, which take seconds to make; <see cref="PrepareAsync"/> gives a truly empty folder.</summary>
    /// <param name="settings">Such as <c>["Portal:Name"] = "X"</c>; the demo is on unless it says otherwise.</param>
    /// <param name="environment">Environment variables besides, such as DOTNET_STARTUP_HOOKS.</param>
    /// <param name="onPostgreSql">On a fresh PostgreSQL database instead of SQLite.</param>
    public static async Task<PortalApplication> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? environment = null, bool onPostgreSql = false)
    {
        var portal = await PrepareAsync(settings, onPostgreSql);
        try
        {
            if (!onPostgreSql) await TestTemplate.CopyToAsync(portal.folder);
            await portal.RestartAsync(environment);
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty data folder and database; nothing runs yet.</summary>
    public static async Task<PortalApplication> PrepareAsync(IReadOnlyDictionary<string, string>? settings = null, bool onPostgreSql = false)
    {
        using var unused = new TestFolder();
        return new PortalApplication(settings, onPostgreSql ? await TestDatabase.CreateAsync(unused, DatabaseProvider.PostgreSql) : null);
    }

    /// <summary>Looks every few milliseconds until it is so.</summary>
    public async Task WaitForAsync(Func<bool> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (watch.Elapsed > StartLimit) throw new TimeoutException($"It did not happen within {StartLimit}:\n{Output}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Starts the process again on the same data and ports, and returns when it is ready.</summary>
    public async Task RestartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        Start(environment ?? new Dictionary<string, string>());
        if (!await WaitUntilReadyAsync(TestContext.Current.CancellationToken))
            throw new InvalidOperationException($"The portal ended with exit code {process!.ExitCode}:\n{Output}");
    }

    /// <summary>Starts the process without waiting for anything.</summary>
    public void Start(IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.WebProgram, .. Arguments().SelectMany(setting => new[] { $"--{setting.Key}", setting.Value })])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullPath,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_TieredPGO"] = "0"; // a process that lives for seconds gains nothing by profiling itself
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until the process has said this on its console.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        var watch = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (watch.Elapsed > StartLimit) throw new TimeoutException($"The portal did not say '{text}':\n{Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As kill -9.</summary>
    public async Task KillAsync()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>As Ctrl+C or a service manager's stop.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"]);
        return await WaitForExitAsync();
    }

    /// <summary>Waits for the process to end by itself.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await process!.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(StartLimit, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>The process's database, seen from outside.</summary>
    public PortalDbContext NewDb() => database is null
        ? new SqlitePortalDbContext(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite($"Data Source={folder["portal.db"]};Pooling=False").Options)
        : new PostgreSqlPortalDbContext(new DbContextOptionsBuilder<PostgreSqlPortalDbContext>().UseNpgsql(database.ConnectionString).Options);

    public Persona PersonaOf(string role)
    {
        using var accounts = JsonDocument.Parse(File.ReadAllText(folder["demo-accounts.json"]));
        return accounts.RootElement.GetProperty(role).Deserialize<Persona>(JsonSerializerOptions.Web)!;
    }

    /// <summary>A client with cookies of its own.</summary>
    /// <param name="followRedirects">Whether answers with a Location are followed.</param>
    public HttpClient NewClient(bool followRedirects = true)
    {
        var root = X509CertificateLoader.LoadCertificate(Encoding.ASCII.GetBytes(File.ReadAllText(folder["pki", "root.pem"])));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = followRedirects };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck,
        };
        return new HttpClient(handler) { BaseAddress = BaseUrl, Timeout = TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        if (database is not null) await database.DisposeAsync();
        folder.Dispose();
    }

    private Dictionary<string, string> Arguments()
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Portal:DataDirectory"] = folder.FullPath,
            ["Portal:HttpsPort"] = $"{ports[0]}",
            ["Portal:HttpPort"] = $"{ports[1]}",
            ["Portal:Demo"] = "true",
            ["Star:LookupPort"] = "0",
            ["MyProxy:Port"] = $"{ports[2]}",
            ["RateLimits:RequestsPerMinute"] = "0",
            ["RateLimits:ChangesPerMinute"] = "0",
        };
        if (database is not null) (all["Database:Provider"], all["Database:ConnectionString"]) = ($"{database.Provider}", database.ConnectionString);
        foreach (var (key, value) in settings) all[key] = value;
        return all;
    }

    /// <returns>False when the process ended instead.</returns>
    public async Task<bool> WaitUntilReadyAsync(CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // The root may not be written yet; only readiness is asked here.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var probe = new HttpClient(handler) { BaseAddress = BaseUrl };
        var watch = Stopwatch.StartNew();
        while (!await IsReadyAsync(probe, ct))
        {
            if (process!.HasExited) return false;
            if (watch.Elapsed > StartLimit) throw new TimeoutException($"The portal was not ready after {StartLimit}:\n{Output}");
            await Task.Delay(50, ct);
        }

        return true;
    }

    private static async Task<bool> IsReadyAsync(HttpClient probe, CancellationToken ct)
    {
        try
        {
            using var answer = await probe.GetAsync(new Uri("/readyz", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (output) output.AppendLine(line);
    }
}

using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Web.Hosting;

namespace StarPortal.Tests.Support;

/// <summary>
/// The web application in this process, with its pipeline, its sockets and every door but the pages, on a data folder, a database and a clock of its own. As in
/// <see cref="TestPortal"/> nothing runs by itself.
/// </summary>
public sealed class WebPortal : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TestFolder folder;
    private readonly TestDatabase database;
    private bool isGuest;

    private WebPortal(WebApplication app, TestFolder folder, TestDatabase database, TestClock clock, Uri baseUrl)
    {
        (this.app, this.folder, this.database, Clock, BaseUrl) = (app, folder, database, clock, baseUrl);
        Client = NewClient();
    }

    public TestClock Clock { get; }

    public Uri BaseUrl { get; }

    /// <summary>What others have to trust.</summary>
    public string RootPem => File.ReadAllText(folder["pki", "root.pem"]);

    /// <summary>Trusts the portal's own root; follows no redirects.</summary>
    public HttpClient Client { get; }

    /// <param name="settings">Configuration such as <c>["Acme:ExternalAccountRequired"] = "true"</c>, over the defaults.</param>
    /// <param name="services">Replaces what lies at the border of the process.</param>
    /// <param name="onDatabaseOf">Another node of the same portal: its database and data folder are shared, and stay when this one goes.</param>
    public static async Task<WebPortal> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, DatabaseProvider? provider = null, Action<IServiceCollection>? services = null, WebPortal? onDatabaseOf = null)
    {
        var folder = onDatabaseOf?.folder ?? new TestFolder();
        var database = onDatabaseOf?.database ?? await NewDatabaseAsync(folder, provider);
        var clock = onDatabaseOf?.Clock ?? new TestClock();
        var ports = FreePorts.Take(2);
        var builder = PortalHost.CreateBuilder(["--environment", "Development"]);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Portal:DataDirectory"] = folder.FullPath,
            ["Portal:HttpsPort"] = $"{ports[0]}",
            ["Portal:HttpPort"] = $"{ports[1]}",
            ["Portal:PublicUrl"] = onDatabaseOf?.BaseUrl.ToString().TrimEnd('/'),
            ["Database:Provider"] = database.Provider.ToString(),
            ["Database:ConnectionString"] = database.ConnectionString,
            ["RateLimits:RequestsPerMinute"] = "0",
            ["RateLimits:ChangesPerMinute"] = "0",
            ["Acme:RateLimits:Enabled"] = "false",
            ["Star:LookupPort"] = "0",
            ["MyProxy:Port"] = "0",
        }).AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.ClearProviders();
        builder.Services.RemoveAll<IHostedService>().RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(clock);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.UsePortalWeb();
        app.MapRooms();
        app.MapPortalDoors();
        app.Services.GetService<IStartupValidator>()?.Validate();
        await app.Services.GetRequiredService<HostCertificates>().GetOrIssueAsync(
            HostCertificates.NamesFor(app.Services.GetRequiredService<IOptions<PortalOptions>>().Value), TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebPortal(app, folder, database, clock, new Uri($"https://localhost:{ports[0]}/")) { isGuest = onDatabaseOf is not null };
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public PortalDbContext NewDb() => Get<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (isGuest) return;
        await database.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<TestDatabase> NewDatabaseAsync(TestFolder folder, DatabaseProvider? provider)
    {
        var template = await TestTemplate.GetAsync(provider ?? TestDatabase.DefaultProvider);
        folder.CopyFrom(template.DataDirectory);
        return await TestDatabase.CreateAsync(folder, provider, template.Database);
    }

    private HttpClient NewClient()
    {
        var root = X509CertificateLoader.LoadCertificate(Encoding.ASCII.GetBytes(RootPem));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck,
        };
        return new HttpClient(handler) { BaseAddress = BaseUrl, Timeout = TimeSpan.FromSeconds(60) };
    }
}

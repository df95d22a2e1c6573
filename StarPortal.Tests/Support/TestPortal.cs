using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Web.Hosting;

namespace StarPortal.Tests.Support;

/// <summary>
/// Every room of the product in this process, on a data folder, a database and a clock of its own. Nothing runs by itself: the outbox is
/// drained by <see cref="DrainOutboxAsync"/>, jobs are run by calling them.
/// </summary>
public sealed class TestPortal : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TestFolder folder;
    private readonly TestDatabase database;
    private readonly bool isBeside;

    private TestPortal(WebApplication app, TestFolder folder, TestDatabase database, TestClock clock, bool isBeside) =>
        (this.app, this.folder, this.database, Clock, this.isBeside) = (app, folder, database, clock, isBeside);

    public TestClock Clock { get; }

    public DatabaseProvider Provider => database.Provider;

    public string DataDirectory => folder.FullPath;

    public IServiceProvider Services => app.Services;

    /// <summary>What the mail transport wrote, oldest first.</summary>
    public IReadOnlyList<SentMail> Mails => SentMail.ReadAll(folder["mail"]);

    /// <param name="settings">Configuration such as <c>["Approval:OfficersRequired:person"] = "2"</c>, over the defaults.</param>
    /// <param name="provider">Default: <see cref="TestDatabase.DefaultProvider"/>.</param>
    /// <param name="services">Replaces what lies at the border of the process.</param>
    public static async Task<TestPortal> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, DatabaseProvider? provider = null, Action<IServiceCollection>? services = null)
    {
        var template = await TestTemplate.GetAsync(provider ?? TestDatabase.DefaultProvider);
        var folder = new TestFolder();
        folder.CopyFrom(template.DataDirectory);
        var database = await TestDatabase.CreateAsync(folder, provider, template.database);
        return Build(folder, database, settings, services);
    }

    /// <summary>Another node over the same folder, database and clock, which stay this one's.</summary>
    /// <param name="settings">With a Portal:HttpsPort of its own: nodes are told apart by it.</param>
    /// <param name="services">Replaces what lies at the border of the process.</param>
    public TestPortal StartBeside(IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? services = null) => Build(folder, database, settings, services, Clock);

    /// <summary>A portal whose folder and database are empty, before its first start.</summary>
    internal static async Task<TestPortal> BuildEmptyAsync(DatabaseProvider? provider, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var folder = new TestFolder();
        return Build(folder, await TestDatabase.CreateAsync(folder, provider), settings, services: null);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public PortalDbContext NewDb() => Get<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    /// <summary>Does everything that is due in the outbox, and what follows from it.</summary>
    public async Task DrainOutboxAsync()
    {
        var dispatcher = Get<OutboxDispatcher>();
        while (await dispatcher.DispatchDueAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    public async Task<Organisation> AddOrganisationAsync(string name, params string[] emailDomains)
    {
        await using var db = NewDb();
        var organisation = Organisation.Create(name, emailDomains, Clock.Now);
        db.Organisations.Add(organisation);
        await db.SaveChangesAsync();
        return organisation;
    }

    public Task<Actor> AddOfficerAsync(Organisation organisation, string? userName = null) =>
        AddPersonAsync(PortalRole.Officer, organisation, userName);

    public Task<Actor> AddAdministratorAsync(string? userName = null) => AddPersonAsync(PortalRole.Administrator, organisation: null, userName);

    /// <summary>Somebody with a confirmed address and this role from now on, signed in with a second factor.</summary>
    public async Task<Actor> AddPersonAsync(PortalRole role, Organisation? organisation, string? userName = null, bool isDeputy = false, DateTimeOffset? endsAt = null)
    {
        var name = userName ?? $"{role.ToString().ToLowerInvariant()}-{Guid.NewGuid().ToString("N")[..8]}";
        var user = new PortalUser
        {
            UserName = name,
            NormalizedUserName = name.ToUpperInvariant(),
            FullName = name,
            Email = $"{name}@example.org",
            NormalizedEmail = $"{name}@example.org".ToUpperInvariant(),
            EmailConfirmed = true,
            SecurityStamp = Guid.NewGuid().ToString(),
            OrganisationId = organisation?.Id,
            CreatedAt = Clock.Now,
        };
        await using var db = NewDb();
        db.Users.Add(user);
        db.RoleGrants.Add(RoleGrant.To(user.Id, role, organisation?.Id, isDeputy, Clock.Now, endsAt, Actor.System("test")));
        await db.SaveChangesAsync();
        return new Actor(user.Id, name, [new ActorGrant(role, organisation?.Id)]) { HasSecondFactor = true, Address = "127.0.0.1" };
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        if (isBeside) return;
        await database.DisposeAsync();
        folder.Dispose();
    }

    internal TestDatabase Database => database;

    /// <summary>Lets go of the files and connections, which a copy is to be made of.</summary>
    internal void Freeze() => database.CloseConnections();

    private static TestPortal Build(TestFolder folder, TestDatabase database, IReadOnlyDictionary<string, string?>? settings, Action<IServiceCollection>? services, TestClock? beside = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "starportal", EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Portal:DataDirectory"] = folder.FullPath,
            ["Database:Provider"] = database.Provider.ToString(),
            ["Database:ConnectionString"] = database.ConnectionString,
        }).AddInMemoryCollection(settings ?? new Dictionary<string, string?>());

        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddRooms(builder.Configuration);
        var clock = beside ?? new TestClock();
        builder.Services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(clock).AddSingleton(clock);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.Services.GetService<IStartupValidator>()?.Validate();
        return new(app, folder, database, clock, beside is not null);
    }
}

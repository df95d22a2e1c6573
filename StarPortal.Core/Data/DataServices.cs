using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Data;

public static class DataServices
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection(DatabaseOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.Provider is DatabaseProvider.Sqlite || !string.IsNullOrWhiteSpace(options.ConnectionString),
                "Database:ConnectionString is missing: Database:Provider is not Sqlite, and only SQLite has a default.")
            .ValidateOnStart();
        services.AddSingleton<DatabaseSetup>();
        services.AddSingleton<DatabaseProbe>();
        services.AddSingleton<GroupCommit>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<OutboxSignal>());
        services.AddSingleton<OutboxTroubles>();
        services.AddSingleton<OutboxWorker>();
        services.AddSingleton<OutboxDispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxDispatcher>());

        services.AddPooledDbContextFactory<SqlitePortalDbContext>((provider, options) =>
            options.UseSqlite(SqliteConnectionString(provider)).AddInterceptors(new SqlitePragmas()).AddInterceptors(Interceptors(provider)));
        services.AddPooledDbContextFactory<PostgreSqlPortalDbContext>((provider, options) =>
            options.UseNpgsql(ConnectionString(provider)).AddInterceptors(Interceptors(provider)));
        services.AddPooledDbContextFactory<SqlServerPortalDbContext>((provider, options) =>
            options.UseSqlServer(ConnectionString(provider)).AddInterceptors(Interceptors(provider)));

        services.AddSingleton<IDbContextFactory<PortalDbContext>, PortalDbContextFactory>();
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext());
        return services;
    }

    /// <summary>The outbox signal comes last: what it announces has to be committed.</summary>
    private static IEnumerable<IInterceptor> Interceptors(IServiceProvider provider) =>
        provider.GetServices<IInterceptor>().OrderBy(interceptor => interceptor is OutboxSignal);

    private static string? ConnectionString(IServiceProvider provider) => provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString;

    private static string SqliteConnectionString(IServiceProvider provider) =>
        ConnectionString(provider) ?? new SqliteConnectionStringBuilder
        {
            DataSource = provider.GetRequiredService<IOptions<PortalOptions>>().Value.PathOf("portal.db"),
        }.ToString();
}

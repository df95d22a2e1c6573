using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Data;

/// <summary>Makes the context of the configured provider.</summary>
internal sealed class PortalDbContextFactory(IServiceProvider services, IOptions<DatabaseOptions> options) : IDbContextFactory<PortalDbContext>
{
    private readonly Func<PortalDbContext> create = options.Value.Provider switch
    {
        DatabaseProvider.Sqlite => services.GetRequiredService<IDbContextFactory<SqlitePortalDbContext>>().CreateDbContext,
        DatabaseProvider.PostgreSql => services.GetRequiredService<IDbContextFactory<PostgreSqlPortalDbContext>>().CreateDbContext,
        DatabaseProvider.SqlServer => services.GetRequiredService<IDbContextFactory<SqlServerPortalDbContext>>().CreateDbContext,
    };

    public PortalDbContext CreateDbContext() => create();
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Data;

/// <summary>Brings the database to this version's schema, before anything listens.</summary>
public sealed class DatabaseSetup(IDbContextFactory<PortalDbContext> contexts, IOptions<PortalOptions> portal)
{
    public async Task MigrateAsync(CancellationToken ct)
    {
        PrivateDirectory.Create(portal.Value.PathOf());
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.EnsureCreatedAsync(ct);
    }
}

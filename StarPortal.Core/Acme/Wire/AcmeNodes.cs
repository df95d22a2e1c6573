using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>
/// Whether other processes serve the same database. Being wrong about it costs clients a retry and nothing else: each nonce has one place only where it can
/// be redeemed.
/// </summary>
internal sealed class AcmeNodes(IDbContextFactory<PortalDbContext> contexts, IOptions<DatabaseOptions> database, TimeProvider clock)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan GoneAfter = TimeSpan.FromMinutes(1);

    private readonly Guid id = Guid.NewGuid();

    /// <summary>A SQLite file has one node. Elsewhere we are not alone until we have looked.</summary>
    public bool IsAlone { get; private set; } = database.Value.Provider is DatabaseProvider.Sqlite;

    /// <summary>Gives a sign of life and looks for those of others.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        if (database.Value.Provider is DatabaseProvider.Sqlite) return;
        var now = clock.GetUtcNow();
        var gone = now - GoneAfter;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var nodes = db.Set<AcmeNode>();
        if (await nodes.Where(node => node.Id == id).ExecuteUpdateAsync(set => set.SetProperty(node => node.SeenAt, now), ct) == 0)
        {
            nodes.Add(new AcmeNode { Id = id, SeenAt = now });
            await db.SaveChangesAsync(ct);
        }

        await nodes.Where(node => node.SeenAt < gone).ExecuteDeleteAsync(ct);
        IsAlone = !await nodes.AnyAsync(node => node.Id != id, ct);
    }
}

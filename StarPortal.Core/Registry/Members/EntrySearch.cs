using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public sealed record EntryPage(IReadOnlyList<RegistryEntry> Rows, int Total);

/// <param name="Active">Entries that count.</param>
public sealed record RegistryFigures(int Active, int Suspended, int Resources, int Groups, int Waiting);

/// <summary>The registry as administrators and auditors see it.</summary>
public sealed class EntrySearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    private const int MaxText = 200;

    /// <param name="text">Part of the user name, the name or the DN; empty: everybody.</param>
    /// <param name="state">Null: any.</param>
    /// <param name="page">From 1.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<EntryPage> FindAsync(string? text, RegistryEntryState? state, int page, Actor actor, CancellationToken ct)
    {
        RegistryRights.RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = Narrow(db.RegistryEntries.AsNoTracking().Where(entry => entry.Dn != ""), state);
        if (text?.Trim() is { Length: > 0 } words)
        {
            var part = (words.Length > MaxText ? words[..MaxText] : words).ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // The database does it.
            found = found.Where(entry => entry.UserName.ToLower().Contains(part) || entry.FullName.ToLower().Contains(part) || entry.Dn.ToLower().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862
        }

        var total = await found.CountAsync(ct);
        return new(await found.OrderBy(entry => entry.UserName).ThenBy(entry => entry.UserId).Skip((Math.Clamp(page, 1, 1_000_000) - 1) * PageSize).Take(PageSize).ToListAsync(ct), total);
    }

    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<RegistryFigures> CountAsync(Actor actor, CancellationToken ct)
    {
        RegistryRights.RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var entries = db.RegistryEntries.Where(entry => entry.Dn != "");
        return new(
            await Narrow(entries, RegistryEntryState.Active).CountAsync(ct), await Narrow(entries, RegistryEntryState.Suspended).CountAsync(ct),
            await db.RegistryResources.CountAsync(resource => resource.ClosedAt == null, ct), await db.RegistryGroups.CountAsync(ct),
            await db.AccessRequests.CountAsync(request => request.Status == AccessRequestStatus.Waiting, ct));
    }

    private static IQueryable<RegistryEntry> Narrow(IQueryable<RegistryEntry> entries, RegistryEntryState? state) => state is not { } wanted ? entries : wanted switch
    {
        RegistryEntryState.Active => entries.Where(entry => entry.RemovedAt == null && entry.LostAt == null && entry.RemovalAt == null),
        RegistryEntryState.Suspended => entries.Where(entry => entry.RemovedAt == null && (entry.LostAt != null || entry.RemovalAt != null)),
        RegistryEntryState.Removed => entries.Where(entry => entry.RemovedAt != null),
    };
}

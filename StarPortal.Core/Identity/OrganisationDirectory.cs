using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Identity;

/// <summary>The organisations as everybody may see them.</summary>
public sealed class OrganisationDirectory(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Those that take requests now, by name.</summary>
    public async Task<IReadOnlyList<Organisation>> ListOpenAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Organisations.AsNoTracking().Where(organisation => organisation.IsOpen).OrderBy(organisation => organisation.Name).ToListAsync(ct);
    }

    /// <summary>All of them by name, closed ones too.</summary>
    public async Task<IReadOnlyList<Organisation>> ListAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Organisations.AsNoTracking().OrderBy(organisation => organisation.Name).ToListAsync(ct);
    }

    public async Task<Organisation?> FindAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Organisations.AsNoTracking().SingleOrDefaultAsync(organisation => organisation.Id == id, ct);
    }

    /// <exception cref="Shared.ServiceException">NotFound.</exception>
    public async Task<Organisation> GetAsync(Guid id, CancellationToken ct) =>
        await FindAsync(id, ct) ?? throw AccountErrors.OrganisationNotFound();
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Finds the person whom an officer or administrator names.</summary>
public sealed class AcmeOwners(IDbContextFactory<PortalDbContext> contexts)
{
    /// <param name="userName">In any case.</param>
    /// <param name="field">Where a refusal is shown.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid beside the field.</exception>
    public async Task<Guid> FindAsync(string? userName, string field, Actor actor, CancellationToken ct)
    {
        if (actor.IsAdministrator) actor.RequireAdministrator();
        else actor.RequireOfficer();
        var normalized = (userName ?? "").Trim().ToUpperInvariant();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Users.Where(user => user.NormalizedUserName == normalized).Select(user => (Guid?)user.Id).SingleOrDefaultAsync(ct)
            ?? throw new ServiceException(ErrorKind.Invalid, "Nobody has this user name.", field);
    }
}

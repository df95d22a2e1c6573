using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What machines are told about the resource whose token they have.</summary>
public sealed class RegistryAnswers(IDbContextFactory<PortalDbContext> contexts, TokenAuthentication authentication, RegistryMetrics metrics, TimeProvider clock)
{
    private const int MaxDn = 3_000;

    /// <param name="resource">Its name in the question, which has to be the token's own.</param>
    /// <returns>By DN.</returns>
    /// <exception cref="ServiceException">Unauthenticated, NotFound, TooMany.</exception>
    internal async Task<IReadOnlyList<AllowedPerson>> ListAsync(string resource, string? authorization, string? address, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var people = await AccessList.ReadAsync(db, await RequireAsync(resource, authorization, address, ct), clock.GetUtcNow(), ct);
        metrics.CountAnswer("people");
        return people;
    }

    /// <returns>Null: may not. Unknown people and those without access are told apart by nobody.</returns>
    /// <exception cref="ServiceException">Unauthenticated, NotFound, TooMany; Invalid beside dn.</exception>
    internal async Task<AllowedPerson?> DecideAsync(string? resource, string? dn, string? authorization, string? address, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await RequireAsync(resource, authorization, address, ct);
        if (dn is not { Length: > 1 and <= MaxDn } || dn[0] != '/') throw RegistryErrors.Field("dn", "The DN is missing, or not as grid tools write it: /O=Grid/CN=Ada Lovelace.");
        var person = await AccessList.FindAsync(db, known, dn, clock.GetUtcNow(), ct);
        metrics.CountAnswer(person is null ? "may not" : "may");
        return person;
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound, also without one; TooMany.</exception>
    internal async Task<string> GridMapfileAsync(string resource, string? authorization, string? address, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await RequireAsync(resource, authorization, address, ct);
        if (!known.HasGridMapfile) throw RegistryErrors.ResourceNotFound();
        var text = GridMapfile.Write(await AccessList.ReadAsync(db, known, clock.GetUtcNow(), ct));
        metrics.CountAnswer("grid-mapfile");
        return text;
    }

    private async Task<RegistryResource> RequireAsync(string? name, string? authorization, string? address, CancellationToken ct)
    {
        try
        {
            var resource = await authentication.RequireAsync(authorization, address, ct);
            return string.Equals(resource.Name, name, StringComparison.Ordinal) ? resource : throw RegistryErrors.ResourceNotFound();
        }
        catch (ServiceException refused)
        {
            metrics.CountAnswer(refused.Kind is ErrorKind.TooMany ? "too many" : "refused");
            throw;
        }
    }
}

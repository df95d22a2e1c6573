using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>From a user name that an owner types to the person. Owners are ordinary people: wrong names are counted, so that nobody tries a list of them.</summary>
public sealed class PersonLookup(AttemptThrottle throttle)
{
    private const int MaxWrong = 20;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <param name="field">Of the form.</param>
    /// <exception cref="ServiceException">Invalid beside the field: nobody has that name, or not confirmed the address yet; TooMany.</exception>
    internal async Task<PortalUser> GetAsync(PortalDbContext db, string? userName, string field, Actor actor, CancellationToken ct)
    {
        var key = $"registry-name:{actor.Id}";
        if (!RegistryRights.IsAdministrator(actor)) throttle.RequireRoom(key, MaxWrong, Window);
        var normalized = (userName ?? "").Trim().ToUpperInvariant();
        if (normalized.Length > 0 && await db.Users.SingleOrDefaultAsync(user => user.NormalizedUserName == normalized && user.EmailConfirmed, ct) is { } found) return found;
        if (!RegistryRights.IsAdministrator(actor)) throttle.Spend(key, MaxWrong, Window);
        throw RegistryErrors.NobodyOf(field);
    }
}

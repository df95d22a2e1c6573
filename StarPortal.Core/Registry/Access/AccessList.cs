using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Registry;

/// <summary>Somebody who may use a resource now.</summary>
/// <param name="Accounts">Local accounts, the usual one first.</param>
/// <param name="Until">The latest end of what allows it; null: until somebody ends it.</param>
public sealed record AllowedPerson(Guid UserId, string UserName, string Dn, IReadOnlyList<string> Accounts, DateTimeOffset? Until);

/// <summary>Who may use a resource: people with a permission of their own, and members of groups that have one, as long as their entry in the registry counts.</summary>
internal static class AccessList
{
    /// <returns>By DN, octet by octet.</returns>
    public static async Task<IReadOnlyList<AllowedPerson>> ReadAsync(PortalDbContext db, RegistryResource resource, DateTimeOffset now, CancellationToken ct) =>
        Merge(resource, await GrantsAsync(db, resource, db.RegistryEntries, now, ct));

    /// <returns>Null: may not use it, or is not here at all.</returns>
    public static async Task<AllowedPerson?> FindAsync(PortalDbContext db, RegistryResource resource, string dn, DateTimeOffset now, CancellationToken ct)
    {
        var hash = RegistryEntry.HashOf(dn);
        return Merge(resource, await GrantsAsync(db, resource, db.RegistryEntries.Where(entry => entry.DnHash == hash), now, ct)).SingleOrDefault();
    }

    private static async Task<List<Grant>> GrantsAsync(PortalDbContext db, RegistryResource resource, IQueryable<RegistryEntry> entries, DateTimeOffset now, CancellationToken ct)
    {
        var counting = entries.AsNoTracking().Where(entry => entry.RemovedAt == null && entry.LostAt == null && entry.RemovalAt == null && entry.Dn != "");
        var open = db.AccessGrants.AsNoTracking().Where(permission => permission.ResourceId == resource.Id && permission.EndedAt == null && (permission.Until == null || permission.Until > now));
        IQueryable<GroupMember> members = db.GroupMembers;
        var own = open.Where(permission => permission.UserId != null).Join(counting, permission => permission.UserId, entry => (Guid?)entry.UserId,
            (permission, entry) => new Grant { UserId = entry.UserId, UserName = entry.UserName, Dn = entry.Dn, Account = permission.Account, At = permission.GrantedAt, Until = permission.Until, IsOwn = true });
        var shared = open.Join(members, permission => permission.GroupId, member => (Guid?)member.GroupId, (permission, member) => new { permission, member.UserId })
            .Join(counting, grant => grant.UserId, entry => entry.UserId,
                (grant, entry) => new Grant { UserId = entry.UserId, UserName = entry.UserName, Dn = entry.Dn, Account = grant.permission.Account, At = grant.permission.GrantedAt, Until = grant.permission.Until, IsOwn = false });
        return [.. await own.ToListAsync(ct), .. await shared.ToListAsync(ct)];
    }

    private static List<AllowedPerson> Merge(RegistryResource resource, List<Grant> grants) =>
        [.. grants.GroupBy(grant => grant.UserId).Select(person => MergeOne(resource, [.. person.OrderByDescending(grant => grant.IsOwn).ThenBy(grant => grant.At).ThenBy(grant => grant.Account, StringComparer.Ordinal)])).OrderBy(person => person.Dn, StringComparer.Ordinal)];

    private static AllowedPerson MergeOne(RegistryResource resource, Grant[] grants) => new(
        grants[0].UserId, grants[0].UserName, grants[0].Dn,
        [.. grants.Select(grant => grant.Account ?? resource.SharedAccount ?? grant.UserName).Where(LocalAccount.IsName).Distinct(StringComparer.Ordinal)],
        Array.Exists(grants, grant => grant.Until is null) ? null : grants.Max(grant => grant.Until));

    private sealed class Grant
    {
        public required Guid UserId { get; init; }

        public required string UserName { get; init; }

        public required string Dn { get; init; }

        public required string? Account { get; init; }

        public required DateTimeOffset At { get; init; }

        public required DateTimeOffset? Until { get; init; }

        public required bool IsOwn { get; init; }
    }
}

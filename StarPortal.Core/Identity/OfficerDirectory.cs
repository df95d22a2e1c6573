using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>A person who can decide about an organisation's requests.</summary>
/// <param name="IsDeputy">Stands in for the officers.</param>
/// <param name="IsEscalation">An administrator, asked because the organisation has neither officer nor deputy.</param>
public sealed record OfficerContact(Guid UserId, string UserName, string FullName, string Email, bool IsDeputy, bool IsEscalation);

/// <summary>How well an organisation is covered.</summary>
/// <param name="Officers">Active officers, those for every organisation among them.</param>
/// <param name="Deputies">Active people who are deputies only.</param>
public sealed record OrganisationCover(Guid OrganisationId, string Organisation, bool IsOpen, int Officers, int Deputies)
{
    public const int Enough = 2;

    /// <summary>Fewer than two officers: one illness away from a queue that nobody looks at.</summary>
    public bool IsThin => Officers < Enough;

    /// <summary>Nobody but administrators: every request escalates.</summary>
    public bool IsBare => Officers == 0 && Deputies == 0;
}

/// <summary>
/// Who is to be asked about an organisation's requests. Officers whose role is in force; failing them deputies; failing them administrators:
/// the answer is empty only where no administrator exists. Accounts that can't sign in (unconfirmed, locked by an administrator) don't count.
/// </summary>
public sealed class OfficerDirectory(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public Task<IReadOnlyList<OfficerContact>> FindForAsync(Guid organisationId, CancellationToken ct) => FindForAsync(organisationId, except: null, atLeast: 1, ct);

    /// <param name="organisationId">Whose request.</param>
    /// <param name="except">The person who asks: nobody decides for themselves.</param>
    /// <param name="atLeast">How many different people have to approve: where there are fewer officers, deputies are asked too, then administrators.</param>
    public async Task<IReadOnlyList<OfficerContact>> FindForAsync(Guid organisationId, Guid? except, int atLeast, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var holders = await ActiveHolders(db).Where(holder => holder.Role == PortalRole.Administrator
            || (holder.Role == PortalRole.Officer && (holder.OrganisationId == null || holder.OrganisationId == organisationId))).ToListAsync(ct);
        return Choose([.. holders.Where(holder => holder.UserId != except)], atLeast);
    }

    /// <summary>The deputies alone, for a request that the officers have left lying.</summary>
    public async Task<IReadOnlyList<OfficerContact>> FindDeputiesAsync(Guid organisationId, Guid? except, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var holders = await ActiveHolders(db).Where(holder => holder.Role == PortalRole.Officer && holder.IsDeputy && holder.UserId != except
            && (holder.OrganisationId == null || holder.OrganisationId == organisationId)).ToListAsync(ct);
        return Contacts(holders, isEscalation: false);
    }

    /// <summary>Every active administrator.</summary>
    public async Task<IReadOnlyList<OfficerContact>> FindAdministratorsAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var holders = await ActiveHolders(db).Where(holder => holder.Role == PortalRole.Administrator).ToListAsync(ct);
        return Contacts(holders, isEscalation: true);
    }

    /// <summary>The cover of every organisation, the thinnest first.</summary>
    public async Task<IReadOnlyList<OrganisationCover>> CoverAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var organisations = await db.Organisations.AsNoTracking().ToListAsync(ct);
        var officers = await ActiveHolders(db).Where(holder => holder.Role == PortalRole.Officer).ToListAsync(ct);
        return [.. organisations.Select(organisation => CoverOf(organisation, officers))
            .OrderBy(cover => cover.Officers).ThenBy(cover => cover.Organisation, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>
    /// The rule itself, a function of who holds what: officers; with deputies, and then administrators, as long as there are fewer than
    /// <paramref name="atLeast"/>. Each person once, in the first of these parts that they have.
    /// </summary>
    internal static IReadOnlyList<OfficerContact> Choose(IReadOnlyList<Holder> holders, int atLeast = 1)
    {
        var chosen = Contacts(holders.Where(holder => holder is { Role: PortalRole.Officer, IsDeputy: false }), isEscalation: false);
        if (chosen.Count < atLeast) Add(Contacts(holders.Where(holder => holder is { Role: PortalRole.Officer, IsDeputy: true }), isEscalation: false));
        if (chosen.Count < atLeast) Add(Contacts(holders.Where(holder => holder.Role is PortalRole.Administrator), isEscalation: true));
        return chosen;

        void Add(List<OfficerContact> more) => chosen.AddRange(more.Where(contact => !chosen.Exists(one => one.UserId == contact.UserId)));
    }

    private static OrganisationCover CoverOf(Organisation organisation, List<Holder> officers)
    {
        var own = officers.Where(holder => holder.OrganisationId is null || holder.OrganisationId == organisation.Id).ToLookup(holder => holder.IsDeputy, holder => holder.UserId);
        var full = own[false].ToHashSet();
        return new(organisation.Id, organisation.Name, organisation.IsOpen, full.Count, own[true].Where(id => !full.Contains(id)).Distinct().Count());
    }

    private static List<OfficerContact> Contacts(IEnumerable<Holder> holders, bool isEscalation) =>
        [.. holders.DistinctBy(holder => holder.UserId).OrderBy(holder => holder.UserName, StringComparer.OrdinalIgnoreCase)
            .Select(holder => new OfficerContact(holder.UserId, holder.UserName, holder.FullName, holder.Email, holder.IsDeputy, isEscalation))];

    private IQueryable<Holder> ActiveHolders(PortalDbContext db)
    {
        var now = clock.GetUtcNow();
        var users = db.Users.AsNoTracking();
        var lockedOut = AccountLocks.Permanent;
        return db.RoleGrants.AsNoTracking()
            .Where(grant => grant.StartsAt <= now && (grant.EndsAt == null || now < grant.EndsAt))
            .Join(users.Where(user => user.EmailConfirmed && (user.LockoutEnd == null || user.LockoutEnd < lockedOut)), grant => grant.UserId, user => user.Id,
                (grant, user) => new Holder
                {
                    UserId = user.Id, UserName = user.UserName!, FullName = user.FullName, Email = user.Email!,
                    Role = grant.Role, OrganisationId = grant.OrganisationId, IsDeputy = grant.IsDeputy,
                });
    }

    /// <summary>One role in force and the person who holds it.</summary>
    internal sealed record Holder
    {
        public required Guid UserId { get; init; }
        public required string UserName { get; init; }
        public required string FullName { get; init; }
        public required string Email { get; init; }
        public required PortalRole Role { get; init; }
        public required Guid? OrganisationId { get; init; }
        public required bool IsDeputy { get; init; }
    }
}

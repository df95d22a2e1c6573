using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What <c>--demo</c> shows of the registry: two resources of the owner's, a group, and a request of the subscriber's that waits.</summary>
public sealed class DemoRegistry(IDbContextFactory<PortalDbContext> contexts, ResourceService resources, GroupService groups, AccessDesk desk, AccessRequests requests)
{
    private const string Group = "collaboration";

    private static readonly Actor Maker = Actor.System("demo");

    private static readonly ResourceTerms[] Resources =
    [
        new("transp", "The TRANSP code: analysis of tokamak discharges, on the fusion cluster.", HasGridMapfile: true, SharedAccount: null),
        new("mdsplus", "MDSplus: measured data of all experiments, to read.", HasGridMapfile: true, SharedAccount: "mdsguest"),
    ];

    /// <summary>Makes whatever of it is not there; nothing when the personas are gone.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var personas = await db.Users.AsNoTracking().Where(user => user.IsDemoPersona).ToDictionaryAsync(user => user.UserName!, StringComparer.Ordinal, ct);
        if (!personas.TryGetValue("owner", out var owner) || !personas.TryGetValue("subscriber", out var subscriber)) return;
        var known = await db.RegistryResources.Select(resource => resource.Name).ToListAsync(ct);
        foreach (var terms in Resources.Where(terms => !known.Contains(terms.Name))) await resources.CreateAsync(terms, owner.UserName, Maker, ct);
        await EnsureGroupAsync(db, new Actor(owner.Id, owner.UserName!, [new ActorGrant(PortalRole.Owner, null)]), personas.Keys, ct);
        await EnsureRequestAsync(db, new Actor(subscriber.Id, subscriber.UserName!, []), ct);
    }

    private async Task EnsureGroupAsync(PortalDbContext db, Actor owner, IEnumerable<string> people, CancellationToken ct)
    {
        var group = await db.RegistryGroups.AsNoTracking().SingleOrDefaultAsync(known => known.Name == Group, ct)
            ?? await groups.CreateAsync(Group, "Who works with us on the next campaign.", owner, ct);
        if (group.OwnerId != owner.Id) return;
        var users = db.Users;
        foreach (var name in people.Where(name => name is "officer" or "administrator"))
            if (!await db.GroupMembers.AnyAsync(member => member.GroupId == group.Id && users.Any(user => user.Id == member.UserId && user.UserName == name), ct)) await groups.AddMemberAsync(group.Id, name, owner, ct);
        var mdsplus = await db.RegistryResources.AsNoTracking().SingleAsync(resource => resource.Name == Resources[1].Name, ct);
        if (mdsplus.ClosedAt is null && !await db.AccessGrants.AnyAsync(permission => permission.ResourceId == mdsplus.Id, ct)) await desk.GrantGroupAsync(mdsplus.Id, group.Id, new(null, null), Maker, ct);
    }

    private async Task EnsureRequestAsync(PortalDbContext db, Actor subscriber, CancellationToken ct)
    {
        var transp = await db.RegistryResources.AsNoTracking().SingleAsync(resource => resource.Name == Resources[0].Name, ct);
        if (transp.ClosedAt is null && !await db.AccessRequests.AnyAsync(request => request.ResourceId == transp.Id && request.UserId == subscriber.Id, ct)) await requests.AskAsync(transp.Id, "Runs for my thesis on transport barriers.", subscriber, ct);
    }
}

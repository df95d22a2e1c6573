using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>A resource with an owner, an administrator, and people who are in the registry.</summary>
internal sealed record RegistryScene(TestPortal Portal, Actor Administrator, Actor Owner, RegistryResource Resource)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public AccessDesk Desk => Portal.Get<AccessDesk>();

    public static async Task<RegistryScene> CreateAsync(TestPortal portal, string name = "cluster", string? sharedAccount = null)
    {
        var administrator = await portal.AddAdministratorAsync();
        var owner = await portal.AddPersonAsync(PortalRole.Subscriber, null);
        var resource = await portal.Get<ResourceService>().CreateAsync(new(name, "The cluster.", HasGridMapfile: true, sharedAccount), owner.Name, administrator, Ct);
        return new(portal, administrator, owner with { HasSecondFactor = false }, resource);
    }

    /// <summary>Somebody who is in the registry.</summary>
    public async Task<Actor> AddPersonAsync(string userName, string? dn = null)
    {
        var person = await Portal.AddPersonAsync(PortalRole.Subscriber, null, userName);
        await EnterAsync(Portal, person, dn ?? $"/O=Grid/CN={userName}");
        return person;
    }

    public static async Task EnterAsync(TestPortal portal, Actor person, string dn)
    {
        await using var db = portal.NewDb();
        await portal.Get<RegistryMembership>().EnterAsync(db, await db.Users.SingleAsync(user => user.Id == person.Id, Ct), dn, Actor.System("test"), Ct);
        await db.SaveChangesAsync(Ct);
    }

    public async Task<Actor> AllowAsync(string userName, string? dn = null, string? account = null, DateTimeOffset? until = null)
    {
        var person = await AddPersonAsync(userName, dn);
        await Desk.GrantAsync(Resource.Id, userName, new(account, until), Owner, Ct);
        return person;
    }

    public async Task<RegistryGroup> AddGroupAsync(string name, params string[] members)
    {
        var group = await Portal.Get<GroupService>().CreateAsync(name, null, Owner, Ct);
        foreach (var member in members) await Portal.Get<GroupService>().AddMemberAsync(group.Id, member, Owner, Ct);
        return group;
    }

    public async Task<IReadOnlyList<AllowedPerson>> AllowedAsync()
    {
        await using var db = Portal.NewDb();
        return await AccessList.ReadAsync(db, Resource, Portal.Clock.Now, Ct);
    }

    public async Task<RegistryEntry> EntryAsync(Guid userId) => await EntryAsync(Portal, userId);

    public static async Task<RegistryEntry> EntryAsync(TestPortal portal, Guid userId)
    {
        await using var db = portal.NewDb();
        return await db.RegistryEntries.AsNoTracking().SingleAsync(entry => entry.UserId == userId, Ct);
    }
}

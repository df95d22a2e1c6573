using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class OfficerDirectoryTests
{
    /// <summary>
    /// No request is ever undeliverable: whatever tree of officers, deputies, administrators, dates, locks and unconfirmed accounts there is, somebody
    /// is asked as long as one administrator can sign in, and only people are asked who can sign in and have the role now.
    /// </summary>
    [Fact]
    public async Task SomebodyIsAsked_WhateverTheTree_AsLongAsAnAdministratorExists()
    {
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync("always-there");
        foreach (var tree in Trees.Sample(60, 60))
        {
            var planted = await PlantAsync(portal, tree);
            foreach (var organisation in planted.Organisations)
            {
                var asked = await portal.Get<OfficerDirectory>().FindForAsync(organisation, Ct);

                Assert.Equal(planted.Expected(organisation, administrator.Id!.Value).Order(), asked.Select(contact => contact.UserId).Order());
                Assert.NotEmpty(asked);
            }

            var covers = (await portal.Get<OfficerDirectory>().CoverAsync(Ct)).ToDictionary(cover => cover.OrganisationId);
            Assert.All(planted.Organisations, organisation => Assert.Equal(planted.Officers(organisation).Count, covers[organisation].Officers));
            await portal.UprootAsync(planted.Users);
        }
    }

    [Fact]
    public async Task Nobody_IsAsked_OnlyWhenThereIsNoAdministratorEither()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");

        Assert.Empty(await portal.Get<OfficerDirectory>().FindForAsync(organisation.Id, Ct));
        Assert.True((await portal.Get<OfficerDirectory>().CoverAsync(Ct)).Single().IsBare);
    }

    private static Gen<Planting[]> Trees { get; } =
        (from organisation in Gen.Choose(-1, 2)
         from role in Gen.Frequency((5, Gen.Constant(PortalRole.Officer)), (1, Gen.Constant(PortalRole.Administrator)), (1, Gen.Constant(PortalRole.Auditor)))
         from deputy in Gen.Elements(true, false)
         from starts in Gen.Choose(-3, 2)
         from lasts in Gen.Choose(0, 4)
         from state in Gen.Frequency((5, Gen.Constant(State.Usable)), (1, Gen.Constant(State.Unconfirmed)), (1, Gen.Constant(State.Locked)), (1, Gen.Constant(State.Resting)))
         select new Planting(role is PortalRole.Officer ? organisation : -1, role, deputy && role is PortalRole.Officer, starts, lasts, state)).ArrayOf();

    private static async Task<Planted> PlantAsync(TestPortal portal, Planting[] tree)
    {
        await using var db = portal.NewDb();
        var now = portal.Clock.Now;
        var organisations = Enumerable.Range(0, 3).Select(_ => Organisation.Create($"Organisation {Guid.NewGuid():N}", [], now)).ToList();
        db.Organisations.AddRange(organisations);
        List<(Planting Planting, Guid UserId)> people = [];
        foreach (var planting in tree)
        {
            var user = portal.Get<AccountRegistrar>().Add(db, Account($"u{Guid.NewGuid():N}"[..20]) with { Password = null }, Visitor);
            user.EmailConfirmed = planting.State is not State.Unconfirmed;
            user.LockoutEnd = planting.State switch { State.Locked => AccountLocks.Permanent, State.Resting => now.AddMinutes(5), State.Usable or State.Unconfirmed => null };
            var scope = planting.Organisation < 0 ? (Guid?)null : organisations[planting.Organisation].Id;
            var starts = now.AddDays(planting.StartsInDays);
            db.RoleGrants.Add(RoleGrant.To(user.Id, planting.Role, scope, planting.IsDeputy, starts, planting.LastsDays == 0 ? null : starts.AddDays(planting.LastsDays), Visitor));
            people.Add((planting, user.Id));
        }

        await db.SaveChangesAsync(Ct);
        return new(people, [.. organisations.Select(organisation => organisation.Id)]);
    }

    private enum State
    {
        Usable,
        Unconfirmed,
        Locked,
        Resting,
    }

    private sealed record Planting(int Organisation, PortalRole Role, bool IsDeputy, int StartsInDays, int LastsDays, State State)
    {
        public bool Counts => State is State.Usable or State.Resting && StartsInDays <= 0 && (LastsDays == 0 || StartsInDays + LastsDays > 0);
    }

    /// <summary>What was planted, and the rule said over again in the plainest words.</summary>
    private sealed record Planted(List<(Planting Planting, Guid UserId)> People, List<Guid> Organisations)
    {
        public IEnumerable<Guid> Users => People.Select(person => person.UserId);

        public List<Guid> Officers(Guid organisation) => Of(organisation, isDeputy: false);

        public List<Guid> Expected(Guid organisation, Guid administrator)
        {
            if (Officers(organisation) is { Count: > 0 } officers) return officers;
            if (Of(organisation, isDeputy: true) is { Count: > 0 } deputies) return deputies;
            return [administrator, .. People.Where(person => person.Planting is { Role: PortalRole.Administrator, Counts: true }).Select(person => person.UserId)];
        }

        private List<Guid> Of(Guid organisation, bool isDeputy) =>
            [.. People.Where(person => person.Planting is { Role: PortalRole.Officer, Counts: true } planting && planting.IsDeputy == isDeputy
                && (planting.Organisation < 0 || Organisations[planting.Organisation] == organisation)).Select(person => person.UserId)];
    }
}

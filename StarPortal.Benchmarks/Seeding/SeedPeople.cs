using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Benchmarks.Seeding;

/// <summary>Somebody who has or asks for certificates.</summary>
internal sealed record SeedPerson(Guid Id, string UserName, string FullName, string Email, Organisation Organisation, string Suffix);

/// <summary>Organisations, their officers and their people.</summary>
internal sealed class SeedPeople(IDbContextFactory<PortalDbContext> contexts, ILookupNormalizer normalizer, SeedClock clock)
{
    private const int Batch = 2_000;

    private static readonly string[] Given =
    [
        "Ada", "Ben", "Chiara", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jonas", "Kateryna", "Liam", "Mei", "Noor", "Olu", "Priya", "Quentin", "Rosa", "Sven",
        "Tomás", "Uma", "Viktor", "Wanjiru", "Xavier", "Yara", "Zoë", "Søren", "Łukasz", "Émilie", "Jürgen", "Åsa",
    ];

    private static readonly string[] Family =
    [
        "Abbott", "Bianchi", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ivanova", "Jansen", "Kowalski", "Lindqvist", "Müller", "Nakamura", "Okafor", "Papadopoulos",
        "Quist", "Rossi", "Schäfer", "Tanaka", "Ueda", "Varga", "Weber", "Xu", "Yilmaz", "Zhang", "O'Brien", "Björk", "Nguyen", "Smith", "Sato", "Kim", "Silva", "Novak", "Haugen", "Patel", "Cohen",
    ];

    private static readonly string[] Places =
    [
        "Argonne", "Bristol", "Coimbra", "Delft", "Edinburgh", "Freiburg", "Geneva", "Hamburg", "Ibadan", "Jena", "Kyoto", "Lund", "Madrid", "Nairobi", "Oslo", "Prague", "Quito", "Riga", "Seoul", "Turin",
    ];

    /// <summary>The demo's organisations, which <see cref="DemoPersonas"/> made, and as many more as the plan says.</summary>
    public async Task<List<Organisation>> AddOrganisationsAsync(SeedPlan plan, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        for (var number = 0; number < plan.Organisations; number++)
        {
            var kind = number < Places.Length ? "Laboratory" : $"Institute {number / Places.Length}";
            db.Organisations.Add(Organisation.Create($"{Places[number % Places.Length]} {kind}", [], clock.GetUtcNow()));
        }

        await db.SaveChangesAsync(ct);
        return await db.Organisations.OrderBy(organisation => organisation.Name).ToListAsync(ct);
    }

    public async Task<List<Actor>> AddOfficersAsync(SeedPlan plan, IReadOnlyList<Organisation> organisations, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        List<Actor> officers = [];
        for (var number = 0; number < organisations.Count * plan.OfficersEach; number++)
        {
            var organisation = organisations[number % organisations.Count];
            var user = Account($"officer{number}", FullName(number * 7), organisation);
            db.Users.Add(user);
            db.RoleGrants.Add(RoleGrant.To(user.Id, PortalRole.Officer, organisation.Id, isDeputy: number >= organisations.Count * 2, clock.GetUtcNow(), null, Actor.System("seed")));
            officers.Add(new Actor(user.Id, user.UserName!, [new(PortalRole.Officer, organisation.Id)]) { HasSecondFactor = true, Address = "192.0.2.7" });
        }

        await db.SaveChangesAsync(ct);
        return officers;
    }

    /// <summary>Every fourth belongs to the first organisation of the list.</summary>
    public async Task<List<SeedPerson>> AddPeopleAsync(int count, IReadOnlyList<Organisation> organisations, CancellationToken ct)
    {
        List<SeedPerson> people = new(count);
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Batch))
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            foreach (var number in numbers)
            {
                var organisation = organisations[number % 4 is 0 ? 0 : number % organisations.Count];
                var user = Account($"person{number}", FullName(number), organisation);
                db.Users.Add(user);
                db.RoleGrants.Add(RoleGrant.To(user.Id, PortalRole.Subscriber, organisation.Id, isDeputy: false, clock.GetUtcNow(), null, Actor.System("seed")));
                people.Add(new(user.Id, user.UserName!, user.FullName, user.Email!, organisation, $"{number:x4}"));
            }

            await db.SaveChangesAsync(ct);
        }

        return people;
    }

    /// <summary>1,147 names, so that a search for one of them finds about one person in a thousand.</summary>
    private static string FullName(int number) => $"{Given[number % Given.Length]} {Family[number % Family.Length]}";

    private PortalUser Account(string userName, string fullName, Organisation organisation) => new()
    {
        UserName = userName,
        NormalizedUserName = normalizer.NormalizeName(userName),
        FullName = fullName,
        Email = $"{userName}@example.org",
        NormalizedEmail = normalizer.NormalizeEmail($"{userName}@example.org"),
        EmailConfirmed = true,
        SecurityStamp = SecureTokens.NewToken(),
        OrganisationId = organisation.Id,
        CreatedAt = clock.GetUtcNow(),
    };
}

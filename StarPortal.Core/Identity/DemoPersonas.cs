using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>How a visitor of the demo signs in as one of the personas.</summary>
public sealed record DemoAccount(string UserName, string Password);

/// <summary>
/// The people of <c>--demo</c>: one of each role in a demo organisation, with random passwords in <c>demo-accounts.json</c> (mode 0600). At every start
/// the accounts are made to fit that file, so that a restart keeps the passwords and a lost file makes new ones.
/// </summary>
public sealed class DemoPersonas(IDbContextFactory<PortalDbContext> contexts, AccountRegistrar registrar, IOptions<PortalOptions> portal, TimeProvider clock)
{
    public const string FileName = "demo-accounts.json";

    private static readonly Actor Maker = Actor.System("demo");

    /// <summary>Few rounds: 120 random bits need no stretching, and the demo's first page comes a second sooner.</summary>
    private static readonly PasswordHasher<PortalUser> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Persona[] Personas =
    [
        new("subscriber", "Sam Rivera", "Demo University", null),
        new("officer", "Olga Novak", "Demo University", PortalRole.Officer),
        new("owner", "Omar Haddad", "Demo Observatory", PortalRole.Owner),
        new("administrator", "Ada Lindqvist", null, PortalRole.Administrator),
    ];

    /// <summary>Makes organisations and personas as far as they are missing.</summary>
    /// <returns>Role → account; and whether the passwords are new, so that they have to be printed.</returns>
    public async Task<(IReadOnlyDictionary<string, DemoAccount> Accounts, bool AreNew)> EnsureAsync(CancellationToken ct)
    {
        var known = await ReadAsync(ct);
        var accounts = Personas.ToDictionary(
            persona => persona.Name, persona => known.GetValueOrDefault(persona.Name) ?? new DemoAccount(persona.Name, SecureTokens.NewToken()[..20]), StringComparer.Ordinal);
        var areNew = known.Count < Personas.Length;
        if (areNew) await PrivateDirectory.WriteAsync(FilePath, JsonSerializer.SerializeToUtf8Bytes(accounts, Json), ct); // first: the accounts follow the file

        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var persona in Personas) await EnsureAsync(db, persona, accounts[persona.Name], ct);
        await db.SaveChangesAsync(ct);
        return (accounts, areNew);
    }

    private string FilePath => portal.Value.PathOf(FileName);

    private async Task<Dictionary<string, DemoAccount>> ReadAsync(CancellationToken ct)
    {
        if (!File.Exists(FilePath)) return [];
        await using var file = File.OpenRead(FilePath);
        return await JsonSerializer.DeserializeAsync<Dictionary<string, DemoAccount>>(file, Json, ct) ?? [];
    }

    private async Task EnsureAsync(PortalDbContext db, Persona persona, DemoAccount account, CancellationToken ct)
    {
        var organisation = persona.Organisation is null ? null : await EnsureOrganisationAsync(db, persona.Organisation, ct);
        var normalized = account.UserName.ToUpperInvariant();
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.NormalizedUserName == normalized, ct);
        if (user is null)
        {
            user = registrar.Add(db, new NewAccount
            {
                UserName = account.UserName, FullName = persona.FullName, Email = $"{account.UserName}@demo.example.org", OrganisationId = organisation?.Id,
            }, Maker);
            user.PasswordHash = Hasher.HashPassword(user, account.Password);
            (user.EmailConfirmed, user.IsDemoPersona) = (true, true);
            foreach (var grant in GrantsOf(persona, user, organisation))
            {
                db.RoleGrants.Add(grant);
                db.AuditRecords.Add(AuditRecord.Of(AuditAction.RoleGranted, Maker, "user", user.Id, clock.GetUtcNow(), $"{user.UserName}: {grant.Role}"));
            }
        }
        else if (user.IsDemoPersona && Hasher.VerifyHashedPassword(user, user.PasswordHash ?? "", account.Password) is PasswordVerificationResult.Failed)
        {
            user.PasswordHash = Hasher.HashPassword(user, account.Password); // the file was lost and made anew
            user.SecurityStamp = SecureTokens.NewToken();
        }
    }

    /// <summary>The administrator is an officer as well: the university has its two, the observatory only this one, which shows the alarm.</summary>
    private IEnumerable<RoleGrant> GrantsOf(Persona persona, PortalUser user, Organisation? organisation)
    {
        var now = clock.GetUtcNow();
        if (persona.Role is { } role) yield return RoleGrant.To(user.Id, role, role is PortalRole.Officer ? organisation?.Id : null, isDeputy: false, now, null, Maker);
        if (persona.Role is PortalRole.Administrator) yield return RoleGrant.To(user.Id, PortalRole.Officer, null, isDeputy: false, now, null, Maker);
    }

    private async Task<Organisation> EnsureOrganisationAsync(PortalDbContext db, string name, CancellationToken ct)
    {
        if (db.Organisations.Local.FirstOrDefault(organisation => organisation.Name == name) is { } added) return added;
        if (await db.Organisations.SingleOrDefaultAsync(organisation => organisation.Name == name, ct) is { } existing) return existing;
        var made = Organisation.Create(name, [], clock.GetUtcNow());
        db.Organisations.Add(made);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.OrganisationCreated, Maker, "organisation", made.Id, made.CreatedAt, name));
        return made;
    }

    private sealed record Persona(string Name, string FullName, string? Organisation, PortalRole? Role);
}

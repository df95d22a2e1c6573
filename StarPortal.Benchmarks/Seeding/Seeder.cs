using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Benchmarks.Seeding;

/// <summary>
/// Fills a fresh data directory through the product's own entities and services: certificates are signed by its CA, the audit log is
/// chained by its interceptor. Nothing is random but keys and identifiers.
/// </summary>
internal sealed class Seeder(IServiceProvider services, SeedClock clock, SeedPlan plan)
{
    private const int Batch = 500;

    private readonly IDbContextFactory<PortalDbContext> contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
    private readonly CertificateAuthority authority = services.GetRequiredService<CertificateAuthority>();
    private readonly IssuanceProfile profile = services.GetRequiredService<IssuanceProfiles>().Get(IssuanceProfiles.Person);
    private readonly DateTimeOffset start = clock.GetUtcNow();

    public async Task RunAsync(Action<string> report, CancellationToken ct)
    {
        await services.GetRequiredService<DemoPersonas>().EnsureAsync(ct);
        var people = ActivatorUtilities.CreateInstance<SeedPeople>(services, clock);
        var organisations = await people.AddOrganisationsAsync(plan, ct);
        organisations = [.. organisations.OrderBy(organisation => organisation.Name is not "Demo University")];
        var officers = await people.AddOfficersAsync(plan, organisations, ct);
        var persons = await people.AddPeopleAsync(plan.People, organisations, ct);
        report($"{organisations.Count} organisations, {officers.Count} officers, {persons.Count} people");

        await AddCertificatesAsync(persons, officers, report, ct);
        await AddOpenRequestsAsync(persons, officers, ct);
        report($"{plan.Requests} requests");
    }

    private async Task AddCertificatesAsync(List<SeedPerson> persons, List<Actor> officers, Action<string> report, CancellationToken ct)
    {
        var ended = plan.Requests - (plan.Requests / 10);
        foreach (var numbers in Enumerable.Range(0, plan.Certificates).Chunk(Batch))
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            foreach (var number in numbers)
            {
                clock.SetTo(start + (SeedPlan.Span * ((double)number / plan.Certificates)));
                var person = persons[number % persons.Count];
                var order = OrderFor(person);
                var officer = officers[number % officers.Count];
                var certificate = authority.Issue(db, order, Actor.System("issue"));
                if (number % 50 is 49) Revoke(db, certificate, officer);
                if (!IsRequest(number, ended)) continue;
                if (number % 5 is 4) SeedRequests.AddEnded(db, person, OrderFor(person), officer, number / 5, clock.GetUtcNow());
                else SeedRequests.AddIssued(db, person, order, certificate, officer, clock.GetUtcNow());
            }

            await db.SaveChangesAsync(ct);
            if (numbers[^1] % 20_000 == 19_999) report($"{numbers[^1] + 1} certificates");
        }
    }

    private void Revoke(PortalDbContext db, IssuedCertificate certificate, Actor officer)
    {
        authority.Revoke(db, certificate, RevocationReason.Superseded, officer);
        foreach (var item in db.Outbox.Local.Where(item => item.Status is OutboxStatus.Pending)) item.Complete(clock.GetUtcNow()); // long ago
    }

    /// <summary>Spreads so many requests evenly over the certificates.</summary>
    private bool IsRequest(int number, int requests) => (long)(number + 1) * requests / plan.Certificates > (long)number * requests / plan.Certificates;

    private async Task AddOpenRequestsAsync(List<SeedPerson> persons, List<Actor> officers, CancellationToken ct)
    {
        clock.SetTo(start + SeedPlan.Span);
        foreach (var numbers in Enumerable.Range(0, plan.Requests / 10).Chunk(Batch))
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            foreach (var number in numbers)
            {
                var person = persons[number * 3 % persons.Count];
                SeedRequests.AddOpen(db, person, OrderFor(person), officers[number % officers.Count], number, clock.GetUtcNow());
            }

            await db.SaveChangesAsync(ct);
        }
    }

    private IssuanceOrder OrderFor(SeedPerson person)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            Profile = profile.Name,
            Subject = profile.RenderSubject(new SubjectFields(person.FullName, person.Suffix, person.Organisation.Name, person.UserName, person.Email)),
            Names = [SubjectAlternativeName.Email(person.Email)],
            PublicKeyInfo = key.ExportSubjectPublicKeyInfo(),
            UserId = person.Id,
            OrganisationId = person.Organisation.Id,
            SourceKey = $"seed:{SecureTokens.NewId():N}",
        };
    }
}

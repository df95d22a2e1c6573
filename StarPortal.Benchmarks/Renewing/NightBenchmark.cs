using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Benchmarks.Seeding;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;

namespace StarPortal.Benchmarks.Renewing;

/// <summary>The renewal night alone, without the mails' way out: rows, links and outbox, durable.</summary>
internal static class NightBenchmark
{
    private const int Batch = 1_000;

    public static async Task<int> RunAsync(int people, CancellationToken ct)
    {
        using var folder = new WorkFolder(null);
        var clock = new SeedClock(TimeProvider.System.GetUtcNow());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256) };
        await using var portal = await InProcess.OpenAsync(folder.FullPath, clock, settings, ct);
        await SeedAsync(portal.Services, clock, people, ct);
        clock.SetTo(clock.GetUtcNow() + TimeSpan.FromDays(395 - 20));
        Console.WriteLine("night      seconds   managed memory at its end   said");
        foreach (var night in (string[])["first", "second"])
        {
            var begun = Stopwatch.GetTimestamp();
            var result = await portal.Services.GetRequiredService<RenewalNightJob>().RunAsync(ct);
            Console.WriteLine(FormattableString.Invariant($"{night,-9}{Stopwatch.GetElapsedTime(begun).TotalSeconds,9:0.0}{GC.GetTotalMemory(forceFullCollection: true) / 1e6,25:0} MB   {result}"));
        }

        Console.WriteLine(FormattableString.Invariant($"Peak of the process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
        return 0;
    }

    private static async Task SeedAsync(IServiceProvider services, SeedClock clock, int people, CancellationToken ct)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var authority = services.GetRequiredService<CertificateAuthority>();
        var publicKey = ProtectedKeys.Make(KeyAlgorithm.EcdsaP256, "benchmark").PublicKeyInfo;
        foreach (var numbers in Enumerable.Range(0, people).Chunk(Batch))
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            foreach (var number in numbers) Add(db, authority, publicKey, number, clock.GetUtcNow());
            await db.SaveChangesAsync(ct);
        }
    }

    private static void Add(PortalDbContext db, CertificateAuthority authority, byte[] publicKey, int number, DateTimeOffset now)
    {
        var name = FormattableString.Invariant($"person{number}");
        var user = new PortalUser { UserName = name, NormalizedUserName = name.ToUpperInvariant(), FullName = name, Email = $"{name}@example.org", EmailConfirmed = true, CreatedAt = now };
        db.Users.Add(user);
        authority.Issue(db, new IssuanceOrder
        {
            Profile = IssuanceProfiles.Person, Subject = DistinguishedName.Parse($"DC=org, DC=starportal, CN={name}"), PublicKeyInfo = publicKey, UserId = user.Id, SourceKey = $"seed:{number}",
        }, Actor.System("seed"));
    }
}

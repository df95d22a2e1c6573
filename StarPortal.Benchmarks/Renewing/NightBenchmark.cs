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

    /// <param name="sizes">People of each run, on a database of its own; the ratio is that of the last to the first.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<int> RunAsync(IReadOnlyList<int> sizes, CancellationToken ct)
    {
        Console.WriteLine("  people  night   minutes  ms a person   peak of the process, MB   said");
        List<(double Milliseconds, double Megabytes)> firstNights = [];
        foreach (var people in sizes)
        {
            using var folder = new WorkFolder(null);
            var clock = new SeedClock(TimeProvider.System.GetUtcNow());
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.EcdsaP256) };
            await using var portal = await InProcess.OpenAsync(folder.FullPath, clock, settings, ct);
            await SeedAsync(portal.Services, clock, people, ct);
            clock.SetTo(clock.GetUtcNow() + TimeSpan.FromDays(395 - 20));
            firstNights.Add(await MeasureAsync(portal.Services, people, "first", ct));
            await MeasureAsync(portal.Services, people, "second", ct);
        }

        if (sizes.Count > 1)
            Console.WriteLine(FormattableString.Invariant($"From {sizes[0]} to {sizes[^1]} people: {firstNights[^1].Milliseconds / firstNights[0].Milliseconds:0.00} times the time a person, {firstNights[^1].Megabytes / firstNights[0].Megabytes:0.00} times the memory"));
        return 0;
    }

    private static async Task<(double Milliseconds, double Megabytes)> MeasureAsync(IServiceProvider services, int people, string night, CancellationToken ct)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ForgetPeak();
        var begun = Stopwatch.GetTimestamp();
        var result = await services.GetRequiredService<RenewalNightJob>().RunAsync(ct);
        var took = Stopwatch.GetElapsedTime(begun);
        using var process = Process.GetCurrentProcess();
        var measured = (Milliseconds: took.TotalMilliseconds / people, Megabytes: process.PeakWorkingSet64 / 1e6);
        Console.WriteLine(FormattableString.Invariant($"{people,8}  {night,-6}{took.TotalMinutes,8:0.00}{measured.Milliseconds,13:0.00}{measured.Megabytes,26:0}   {result}"));
        return measured;
    }

    /// <summary>The kernel's high-water mark of the resident memory (proc(5), clear_refs): what the seeding took does not count. Elsewhere than on Linux it does.</summary>
    private static void ForgetPeak()
    {
        if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/clear_refs", "5");
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

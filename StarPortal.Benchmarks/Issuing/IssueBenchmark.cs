using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Benchmarks.Issuing;

/// <summary>
/// One thread, for each kind of issuer: the bare signature that issuing cannot do without, the whole of <see cref="CertificateAuthority.Issue"/>
/// (key policy, lint, encoding, signature), and that with the commit of its unit of work, one certificate each or a hundred.
/// The ratio to the bare signature is comparable between machines.
/// </summary>
internal static class IssueBenchmark
{
    public static async Task<int> RunAsync(TimeSpan length, CancellationToken ct)
    {
        Console.WriteLine("issuer       series                        per second   share of bare");
        foreach (var algorithm in (KeyAlgorithm[])[KeyAlgorithm.Rsa3072, KeyAlgorithm.EcdsaP256])
        {
            using var folder = new WorkFolder(null);
            await using var portal = await InProcess.OpenAsync(
                folder.FullPath, TimeProvider.System, new Dictionary<string, string?>(StringComparer.Ordinal) { ["Authority:People:Algorithm"] = algorithm.ToString() }, ct);
            await MeasureAsync(portal, algorithm, length, ct);
        }

        return 0;
    }

    private static async Task MeasureAsync(WebApplication portal, KeyAlgorithm algorithm, TimeSpan length, CancellationToken ct)
    {
        var authority = portal.Services.GetRequiredService<CertificateAuthority>();
        var contexts = portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var orders = new Orders(portal.Services.GetRequiredService<IssuanceProfiles>());
        using var key = new SigningKey(algorithm.MakeKey());
        var toBeSigned = RandomNumberGenerator.GetBytes(1_000);

        var bare = Rate(length, 1, () => key.Sign(toBeSigned));
        Print(algorithm, "bare signature", bare, bare);
        await using var unsaved = await contexts.CreateDbContextAsync(ct);
        Print(algorithm, "issue", bare, Rate(length, 1, () =>
        {
            authority.Issue(unsaved, orders.Next(), Actor.System("benchmark"));
            unsaved.ChangeTracker.Clear();
        }));
        foreach (var batch in (int[])[1, 100])
            Print(algorithm, $"issue and commit, {batch} at once", bare, await RateAsync(length, batch, () => IssueAsync(contexts, authority, orders, batch, ct)));
    }

    private static async Task IssueAsync(IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, Orders orders, int count, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        for (var number = 0; number < count; number++) authority.Issue(db, orders.Next(), Actor.System("benchmark"));
        await db.SaveChangesAsync(ct);
    }

    private static double Rate(TimeSpan length, int each, Action work) =>
        RateAsync(length, each, () =>
        {
            work();
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();

    /// <returns>Certificates a second; the first tenth of the time warms up and does not count.</returns>
    private static async Task<double> RateAsync(TimeSpan length, int each, Func<Task> work)
    {
        var warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm) < length / 10) await work();
        var begun = Stopwatch.GetTimestamp();
        var done = 0;
        for (; Stopwatch.GetElapsedTime(begun) < length; done += each) await work();
        return done / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static void Print(KeyAlgorithm algorithm, string series, double bare, double rate) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{algorithm,-12} {series,-28} {rate,11:0} {rate / bare,15:0.00}"));

    /// <summary>Orders of one person, each for another certificate.</summary>
    private sealed class Orders(IssuanceProfiles profiles)
    {
        private readonly byte[] publicKeyInfo = MakeKey();
        private readonly DistinguishedName subject = profiles.Get(IssuanceProfiles.Person).RenderSubject(new SubjectFields("Zoë Miller", "0001", "Example Lab", "zoe", "zoe@example.org"));

        public IssuanceOrder Next() => new()
        {
            Profile = IssuanceProfiles.Person, Subject = subject, Names = [SubjectAlternativeName.Email("zoe@example.org")], PublicKeyInfo = publicKeyInfo,
            SourceKey = $"benchmark:{SecureTokens.NewId():N}",
        };

        private static byte[] MakeKey()
        {
            using var key = RSA.Create(2048);
            return key.ExportSubjectPublicKeyInfo();
        }
    }
}

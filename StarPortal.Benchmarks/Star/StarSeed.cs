using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Benchmarks.Star;

/// <summary>One order by the product's own services, and as many like it as wanted, in groups whose certificates are due one after the other.</summary>
internal static class StarSeed
{
    public const string Suffix = "bench.example.org";

    private const int Batch = 5_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);

    /// <param name="groups">How many points of time the orders are spread over, within a period.</param>
    /// <returns>The period: after so long every order is due once more.</returns>
    public static async Task<TimeSpan> FillAsync(IServiceProvider services, int size, int groups, CancellationToken ct)
    {
        var model = await MakeAsync(services, ct);
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var placed = await FindPlacedAsync(contexts, ct);
        for (var done = 1; done < size;)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var inBatch = 0; inBatch < Batch && done < size; inBatch++, done++) AddCopy(db, placed, model, Lifetime * ((double)(done % groups) / groups));
            await db.SaveChangesAsync(ct);
        }

        return Lifetime;
    }

    private static async Task<AcmeOrder> FindPlacedAsync(IDbContextFactory<PortalDbContext> contexts, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeOrders.AsNoTracking().SingleAsync(ct);
    }

    private static void AddCopy(PortalDbContext db, AcmeOrder placed, StarOrder model, TimeSpan later)
    {
        // The engine's first round would come after half a lifetime: it is wound forward so that every round is alike.
        var (copy, order) = (model.Copy(), db.Entry(placed.Copy()));
        var entry = db.Entry(copy);
        order.Property(one => one.Id).CurrentValue = SecureTokens.NewId();
        entry.Property(one => one.Id).CurrentValue = order.Entity.Id;
        entry.Property(one => one.FetchId).CurrentValue = SecureTokens.NewId();
        entry.Property(one => one.StartsAt).CurrentValue = model.StartsAt + later;
        entry.Property(one => one.DueAt).CurrentValue = model.DueAt + later;
        (order.State, entry.State) = (EntityState.Added, EntityState.Added);
    }

    /// <returns>An order that has its first certificate.</returns>
    public static async Task<StarOrder> MakeAsync(IServiceProvider services, CancellationToken ct)
    {
        var (clock, contexts) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IDbContextFactory<PortalDbContext>>());
        var caller = await MakeAccountAsync(services, contexts, clock.GetUtcNow(), ct);
        const string name = "www." + Suffix;
        var asked = new AskedRenewal(null, clock.GetUtcNow().AddDays(300), (long)Lifetime.TotalSeconds, 0, AllowCertificateGet: true, IsDraft: false);
        var placed = await services.GetRequiredService<OrderService>().SubmitAsync(
            caller, new NewOrder { Identifiers = [AcmeIdentifier.Dns(name)], Extension = new StarTerms(asked, services.GetRequiredService<IssuanceProfiles>()) }, ct);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        await services.GetRequiredService<OrderFinalizer>().FinalizeAsync(caller, placed.Order.Id, request.CreateSigningRequest(), ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.StarOrders.AsNoTracking().SingleAsync(ct);
    }

    private static async Task<AcmeCaller> MakeAccountAsync(IServiceProvider services, IDbContextFactory<PortalDbContext> contexts, DateTimeOffset now, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = AcmeJwk.OfEc("P-256", point.X!, point.Y!);
        var account = AcmeAccount.Create(AcmeLinks.MainPath, jwk, [], null, now);
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.AcmeAccounts.Add(account);
        await db.SaveChangesAsync(ct);
        return new AcmeCaller(account, null, Actor.System("benchmark"), services.GetRequiredService<AcmeLinks>().Account(account.Id), jwk.KeyHash);
    }
}

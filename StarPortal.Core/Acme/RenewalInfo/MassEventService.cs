using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Declares and calls off events in which many certificates have to be replaced early: ARI tells every client at its next question.</summary>
public sealed class MassEventService(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private volatile Page? current;

    /// <param name="scope">Which certificates.</param>
    /// <param name="within">Over which time clients spread their renewals.</param>
    /// <param name="explanationUrl">An https page that says why; null: none.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid beside Within, IssuedBefore, ExplanationUrl or Reason.</exception>
    public async Task<AcmeMassEvent> DeclareAsync(MassEventScope scope, TimeSpan within, string? explanationUrl, string reason, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        if (within < TimeSpan.FromMinutes(1) || within > TimeSpan.FromDays(90)) throw new ServiceException(ErrorKind.Invalid, "Give clients between a minute and 90 days.", "Within");
        if (scope.IssuedBefore <= scope.IssuedFrom) throw new ServiceException(ErrorKind.Invalid, "The end of the time has to come after its start.", "IssuedBefore");
        if (explanationUrl is not null && !(Uri.TryCreate(explanationUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && explanationUrl.Length <= 500))
            throw new ServiceException(ErrorKind.Invalid, "This is not an https URL.", "ExplanationUrl");
        if (string.IsNullOrWhiteSpace(reason)) throw new ServiceException(ErrorKind.Invalid, "Say why, for the audit log.", "Reason");

        var now = clock.GetUtcNow();
        var declared = AcmeMassEvent.Declare(scope, within, explanationUrl, reason.Trim(), actor, now);
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.AcmeMassEvents.Add(declared);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeMassEventDeclared, actor, "mass-event", declared.Id, now, $"issued {scope.IssuedFrom:u} to {scope.IssuedBefore:u}, {scope.Profile ?? "every profile"}, {scope.Suffix ?? "every name"}, {(scope.AccountId is { } account ? $"account {account}" : "every account")}: {declared.Reason}"));
        await db.SaveChangesAsync(ct);
        current = null;
        return declared;
    }

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound; Conflict.</exception>
    public async Task EndAsync(Guid id, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var declared = await db.AcmeMassEvents.SingleOrDefaultAsync(candidate => candidate.Id == id, ct) ?? throw new ServiceException(ErrorKind.NotFound, "There is no such event.");
        declared.End(clock.GetUtcNow());
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeMassEventEnded, actor, "mass-event", id, clock.GetUtcNow(), declared.Reason));
        await db.SaveChangesAsync(ct);
        current = null;
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<IReadOnlyList<AcmeMassEvent>> ListAsync(Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeMassEvents.AsNoTracking().OrderByDescending(declared => declared.DeclaredAt).Take(200).ToListAsync(ct);
    }

    /// <summary>How many certificates that are still valid an event would concern, before it is declared.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<int> CountAsync(MassEventScope scope, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var concerned = db.IssuedCertificates.Where(certificate => certificate.SourceKey.StartsWith("acme-order:") && certificate.RevokedAt == null && certificate.NotAfter > now
            && certificate.IssuedAt >= scope.IssuedFrom && certificate.IssuedAt < scope.IssuedBefore);
        if (scope.Profile is { } profile) concerned = concerned.Where(certificate => certificate.Profile == profile);
        if (scope.AccountId is { } account)
        {
            var orders = db.AcmeOrders.Where(order => order.AccountId == account);
            concerned = concerned.Where(certificate => orders.Any(order => order.CertificateSerial == certificate.SerialNumber));
        }

        if (scope.Domain is not { } domain) return await concerned.CountAsync(ct);
        // The database narrows it down; what an event concerns is said in one place.
        var count = 0;
        await foreach (var names in concerned.Where(certificate => certificate.SearchText.Contains(domain)).Select(certificate => certificate.Names).AsAsyncEnumerable().WithCancellation(ct))
            if (AcmeMassEvent.AreBelow(domain, names)) count++;
        return count;
    }

    /// <returns>The event that wants this certificate replaced first; null when none does.</returns>
    /// <param name="sourceKey">What it was issued for: its order, and by that its account.</param>
    internal async ValueTask<AcmeMassEvent?> FindAsync(DateTimeOffset issuedAt, string profile, IReadOnlyList<string> names, string sourceKey, CancellationToken ct)
    {
        var page = current is { } read && clock.GetElapsedTime(read.ReadAt) < Fresh ? read : await ReadAsync(ct);
        List<AcmeMassEvent> concerned = [.. page.Events.Where(declared => declared.Concerns(issuedAt, profile, names))];
        if (!concerned.Exists(declared => declared.AccountId is not null)) return concerned.MinBy(declared => declared.EndsAt);
        var account = await FindAccountAsync(sourceKey, ct);
        return concerned.Where(declared => declared.AccountId is null || declared.AccountId == account).MinBy(declared => declared.EndsAt);
    }

    private async Task<Guid?> FindAccountAsync(string sourceKey, CancellationToken ct)
    {
        if (AcmeOrder.OrderOf(sourceKey) is not { } id) return null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeOrders.Where(order => order.Id == id).Select(order => (Guid?)order.AccountId).SingleOrDefaultAsync(ct);
    }

    private async Task<Page> ReadAsync(CancellationToken ct)
    {
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var page = new Page(await db.AcmeMassEvents.AsNoTracking().Where(declared => declared.EndedAt == null).ToListAsync(ct), readAt);
        current = page;
        return page;
    }

    private sealed record Page(IReadOnlyList<AcmeMassEvent> Events, long ReadAt);
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>The repository as administrators and auditors see it.</summary>
public sealed class StoredCredentialSearch(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 50;

    private const int MaxText = 200;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private sealed record Row(StoredCredential Credential, DateTimeOffset? RevokedAt);

    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<StoredCredentialPage> FindAsync(StoredCredentialQuery query, Actor actor, CancellationToken ct)
    {
        RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var matches = NarrowByState(Join(db, Narrow(db.StoredCredentials.AsNoTracking(), query, clock.GetUtcNow())), query.State, clock.GetUtcNow());
        var total = await matches.CountAsync(ct);
        var rows = await matches.OrderBy(row => row.Credential.UserName).ThenBy(row => row.Credential.CredentialName)
            .Skip((Math.Clamp(query.Page, 1, 1_000_000) - 1) * PageSize).Take(PageSize).ToListAsync(ct);
        return new StoredCredentialPage([.. rows.Select(row => StoredCredentialView.Of(row.Credential, row.RevokedAt))], total);
    }

    /// <exception cref="ServiceException">As above.</exception>
    public async Task<StoredCredentialStatistics> CountAsync(Actor actor, CancellationToken ct)
    {
        RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var all = Join(db, db.StoredCredentials.AsNoTracking());
        var (soon, lately) = (now + Soon, now - Soon);
        var usable = NarrowByState(all, StoredCredentialState.Usable, now);
        return new StoredCredentialStatistics(
            await all.CountAsync(ct), await usable.CountAsync(ct), await NarrowByState(all, StoredCredentialState.Locked, now).CountAsync(ct),
            await NarrowByState(all, StoredCredentialState.Expired, now).CountAsync(ct), await NarrowByState(all, StoredCredentialState.Revoked, now).CountAsync(ct),
            await usable.CountAsync(row => row.Credential.NotAfter <= soon, ct), await all.CountAsync(row => row.Credential.KeyForm == StoredKeyForm.Plain, ct),
            await all.CountAsync(row => row.Credential.LastUsedAt >= lately, ct));
    }

    private static void RequireReader(Actor actor) => actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);

    private static IQueryable<Row> Join(PortalDbContext db, IQueryable<StoredCredential> credentials)
    {
        IQueryable<IssuedCertificate> certificates = db.IssuedCertificates;
        return credentials.LeftJoin(certificates, credential => credential.CertificateId, certificate => certificate.Id, (credential, certificate) => new Row(credential, certificate!.RevokedAt));
    }

    private static IQueryable<StoredCredential> Narrow(IQueryable<StoredCredential> credentials, StoredCredentialQuery query, DateTimeOffset now)
    {
        if (query.UserName is { } user && CredentialKey.HashOf(user) is var userHash) credentials = credentials.Where(credential => credential.UserHash == userHash);
        if (query.CredentialName is { } name) credentials = credentials.Where(credential => credential.CredentialName == name);
        if (query.Owner is { } owner && CredentialKey.HashOf(owner) is var ownerHash) credentials = credentials.Where(credential => credential.OwnerHash == ownerHash);
        if (query.EndsWithin is { } within && now + within is var end) credentials = credentials.Where(credential => credential.NotAfter > now && credential.NotAfter <= end);
        if (query.Text?.Trim() is not { Length: > 0 } text) return credentials;
        var part = (text.Length > MaxText ? text[..MaxText] : text).ToLowerInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // The database does it.
        return credentials.Where(credential => credential.UserName.ToLower().Contains(part) || credential.Subject.ToLower().Contains(part) || credential.Owner.ToLower().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862
    }

    private static IQueryable<Row> NarrowByState(IQueryable<Row> rows, StoredCredentialState? state, DateTimeOffset now) => state is not { } wanted ? rows : wanted switch
    {
        StoredCredentialState.Usable => rows.Where(row => row.RevokedAt == null && row.Credential.NotAfter > now && row.Credential.LockMessage == null),
        StoredCredentialState.Locked => rows.Where(row => row.RevokedAt == null && row.Credential.NotAfter > now && row.Credential.LockMessage != null),
        StoredCredentialState.Expired => rows.Where(row => row.RevokedAt == null && row.Credential.NotAfter <= now),
        StoredCredentialState.Revoked => rows.Where(row => row.RevokedAt != null),
    };
}

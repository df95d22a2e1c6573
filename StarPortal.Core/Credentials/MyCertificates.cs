using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

public enum CertificateState
{
    Valid,
    ExpiresSoon,
    Expired,
    Revoked,
}

/// <summary>A certificate as its holder sees it.</summary>
/// <param name="SerialNumber">Names it in every link.</param>
/// <param name="HasKey">Whether the portal keeps the encrypted key.</param>
/// <param name="KeyDownloadedAt">When the holder last took the key; null: never.</param>
public sealed record MyCertificate(
    Guid Id, SerialNumber SerialNumber, string Subject, string Issuer, string Profile, DateTimeOffset NotBefore, DateTimeOffset NotAfter,
    DateTimeOffset? RevokedAt, bool HasKey, DateTimeOffset? KeyDownloadedAt)
{
    /// <summary>From when on a certificate counts as about to expire.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>Whether the portal has the key and its holder has never taken it.</summary>
    public bool IsWaitingForItsHolder => HasKey && KeyDownloadedAt is null;

    public bool IsUsableAt(DateTimeOffset now) => StateAt(now) is CertificateState.Valid or CertificateState.ExpiresSoon;

    public CertificateState StateAt(DateTimeOffset now) => this switch
    {
        { RevokedAt: not null } => CertificateState.Revoked,
        _ when NotAfter <= now => CertificateState.Expired,
        _ when NotAfter - now <= Soon => CertificateState.ExpiresSoon,
        _ => CertificateState.Valid,
    };
}

/// <summary>Whether the passphrase of a key may be tried now.</summary>
/// <param name="TriesLeft">Wrong guesses before one has to wait.</param>
/// <param name="Wait">How long no guess is taken; null when one may try now.</param>
public sealed record KeyTries(int TriesLeft, TimeSpan? Wait);

/// <summary>The certificates of the person who asks. Others' do not exist here.</summary>
public sealed class MyCertificates(IDbContextFactory<PortalDbContext> contexts, IOptions<CredentialOptions> options, TimeProvider clock)
{
    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<MyCertificate>> ListAsync(Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Rows(db, userId).ToListAsync(ct);
    }

    /// <exception cref="ServiceException">NotFound: no such certificate of this person.</exception>
    public async Task<MyCertificate> GetAsync(SerialNumber serial, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Rows(db, userId, serial).SingleOrDefaultAsync(ct) ?? throw CredentialErrors.NotFound();
    }

    /// <returns>Null when the portal has no key of that certificate.</returns>
    public async Task<KeyTries?> FindTriesAsync(Guid certificateId, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var credentials = db.Credentials.AsNoTracking();
        var credential = await credentials.SingleOrDefaultAsync(candidate => candidate.CertificateId == certificateId && candidate.UserId == userId, ct);
        var (limit, wait, now) = (options.Value.MaxAttempts, options.Value.AttemptWait, clock.GetUtcNow());
        return credential is null ? null : new(credential.TriesLeftAt(limit, wait, now), credential.WaitAt(limit, wait, now));
    }

    /// <summary>The newest first.</summary>
    private static IQueryable<MyCertificate> Rows(PortalDbContext db, Guid userId, SerialNumber? serial = null)
    {
        var credentials = db.Credentials;
        var certificates = db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.UserId == userId);
        if (serial is { } wanted) certificates = certificates.Where(certificate => certificate.SerialNumber == wanted);
        return from certificate in certificates
               join credential in credentials on certificate.Id equals credential.CertificateId into keys
               from key in keys.DefaultIfEmpty()
               orderby certificate.NotBefore descending
               select new MyCertificate(
                   certificate.Id, certificate.SerialNumber, certificate.Subject, certificate.Issuer, certificate.Profile, certificate.NotBefore,
                   certificate.NotAfter, certificate.RevokedAt, key != null, key != null ? key.DownloadedAt : null);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>The key that is to take the place of the one before.</summary>
/// <param name="EncryptedKey">Sealed, as <see cref="RequestKeys"/> makes it.</param>
/// <param name="Passphrase">Under which it lies.</param>
/// <param name="NewPassphrase">What the person signs in by once it is issued; null: nothing changes there.</param>
internal sealed record ReplacementKey(byte[] EncryptedKey, byte[] PublicKeyInfo, string Passphrase, SealedPassphrase? NewPassphrase = null);

/// <summary>Requests for the name that a person has, with a new key: what the officers were told the first time is what they are told now.</summary>
public sealed class ReplacementRequests(RequestKeys keys, RequestRouting routing, TimeProvider clock)
{
    /// <summary>How officers and their mails are told what kind of request this is.</summary>
    public const string RecoveryMark = "CERT issue request: recovery";

    public const string ReplacementMark = "CERT issue request: replacement";

    /// <summary>Whether the person has had a certificate, and may sign in.</summary>
    internal static async Task<bool> IsPossibleAsync(PortalDbContext db, PortalUser user, CancellationToken ct) =>
        user is { EmailConfirmed: true, IsLockedByAdministrator: false, CertificateSubject: not null } && await FindModelAsync(db, user.Id, ct) is not null;

    /// <summary>Adds the request to the caller's unit of work, and tells the officers. Of an earlier one of its kind that is open, this one takes the place.</summary>
    /// <exception cref="ServiceException">Conflict: there is nothing to replace, or the account is locked.</exception>
    internal async Task<EnrollmentRequest> AddAsync(PortalDbContext db, PortalUser user, RequestKind kind, ReplacementKey key, Actor actor, CancellationToken ct)
    {
        if (!await IsPossibleAsync(db, user, ct)) throw RequestErrors.NothingToReplace();
        var (model, now) = ((await FindModelAsync(db, user.Id, ct))!, clock.GetUtcNow());
        await WithdrawEarlierAsync(db, user.Id, kind, actor, now, ct);

        var request = EnrollmentRequest.Submit(Details(user, model, kind, key), now);
        request.Confirm(now);
        db.EnrollmentRequests.Add(request);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestSubmitted, actor, "request", request.Id, now, $"{request.Purpose} {request.Subject} by {request.UserName}"));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestConfirmed, actor, "request", request.Id, now, kind.ToString()));
        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        await routing.TellOfficersAsync(db, request, organisation, ct);
        return request;
    }

    /// <summary>A button pressed twice makes one request. A replacement that is approved already is left: a loss is never refused for it.</summary>
    private static async Task WithdrawEarlierAsync(PortalDbContext db, Guid userId, RequestKind kind, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var open = db.EnrollmentRequests.Where(request => request.UserId == userId && request.Kind == kind && request.OpenKeyHash != null);
        if (kind is RequestKind.Replacement) open = open.Where(request => request.Status != RequestStatus.Approved);
        foreach (var earlier in await open.ToListAsync(ct))
        {
            earlier.Withdraw(now);
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestWithdrawn, actor, "request", earlier.Id, now, "a newer one took its place"));
        }
    }

    /// <summary>The request behind the person's newest certificate.</summary>
    private static Task<EnrollmentRequest?> FindModelAsync(PortalDbContext db, Guid userId, CancellationToken ct) =>
        db.EnrollmentRequests.AsNoTracking().Where(request => request.UserId == userId && request.Status == RequestStatus.Issued).OrderByDescending(request => request.IssuedAt).FirstOrDefaultAsync(ct);

    private NewRequest Details(PortalUser user, EnrollmentRequest model, RequestKind kind, ReplacementKey key) => new()
    {
        SubmissionId = SecureTokens.NewId(),
        UserId = user.Id,
        UserName = user.UserName!,
        FullName = user.FullName,
        Email = user.Email!,
        Phone = user.PhoneNumber,
        OrganisationId = user.OrganisationId ?? model.OrganisationId,
        Purpose = kind switch
        {
            RequestKind.Recovery => $"{RecoveryMark}. The passphrase is forgotten; a new key for the same name is to take the old one's place.",
            RequestKind.Replacement => $"{ReplacementMark}. The device is lost and every certificate revoked; a new key for the same name is to take the old one's place.",
            RequestKind.Certificate => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Replaces nothing."),
        },
        Sponsor = model.Sponsor,
        Profile = model.Profile,
        Subject = model.Subject,
        SubjectEncoded = model.SubjectEncoded,
        ReservesSubject = false,
        Names = [SubjectAlternativeName.Email(user.Email!)],
        KeySource = KeySource.Portal,
        PublicKeyInfo = key.PublicKeyInfo,
        KeyHash = PublicKeyFacts.HashOf(key.PublicKeyInfo),
        EncryptedKey = key.EncryptedKey,
        SigningRequest = keys.FindSigningRequest(model.Profile, key.EncryptedKey, key.Passphrase, model.SubjectEncoded, [SubjectAlternativeName.Email(user.Email!)]),
        Kind = kind,
        NewPassphrase = key.NewPassphrase,
    };
}

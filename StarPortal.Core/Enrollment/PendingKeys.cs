using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Keys of requests that are open: what is issued for them opens with the passphrase that the person has then.</summary>
internal sealed class PendingKeys(RequestKeys keys, TimeProvider clock) : IPassphraseKeys
{
    public async Task<IReadOnlyList<KeyChange>> ChangeAsync(PortalDbContext db, Guid userId, PassphrasePair passphrases, Actor actor, CancellationToken ct)
    {
        var open = await db.EnrollmentRequests.Where(request => request.UserId == userId && request.OpenKeyHash != null && request.EncryptedKey != null && request.Kind != RequestKind.Recovery)
            .ToListAsync(ct);
        return [.. open.Select(request => new KeyChange("The key of your open request", Change(db, request, passphrases, actor)))];
    }

    private bool Change(PortalDbContext db, EnrollmentRequest request, PassphrasePair passphrases, Actor actor)
    {
        if (keys.TryChange(request.EncryptedKey!, passphrases) is not { } envelope) return false;
        var now = clock.GetUtcNow();
        request.ChangeKeyEnvelope(envelope, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestPassphraseChanged, actor, "request", request.Id, now));
        return true;
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>What the database knows against an order.</summary>
public sealed class CertificateFacts(IssuanceProfiles profiles)
{
    internal async Task<IReadOnlyList<Finding>> FindAsync(PortalDbContext db, IssuanceOrder order, CancellationToken ct)
    {
        var profile = profiles.Get(order.Profile);
        return [.. await FindKeyAsync(db, order, profile, ct), .. await FindSubjectAsync(db, order, profile, ct)];
    }

    private static async Task<IReadOnlyList<Finding>> FindKeyAsync(PortalDbContext db, IssuanceOrder order, IssuanceProfile profile, CancellationToken ct)
    {
        var hash = PublicKeyFacts.HashOf(order.PublicKeyInfo);
        var uses = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.KeyHash == hash)
            .Select(certificate => new { certificate.UserId, certificate.OrganisationId, certificate.RevocationReason, certificate.Profile })
            .Take(100).ToListAsync(ct);

        if (uses.Any(use => use.RevocationReason is RevocationReason.KeyCompromise))
            return [profile.Find(FindingCodes.KeyRevokedAsCompromised, "This key was reported as compromised: it is never certified again. Make a new key.", "SigningRequest")];
        // Whose key it is, is nobody's business but theirs.
        if (uses.Any(use => use.UserId != order.UserId || use.OrganisationId != order.OrganisationId && order.UserId is null || OwnCertificates.IsOwn(use.Profile)))
            return [profile.Find(FindingCodes.KeyOfAnother, "This key has been certified for somebody else. Make a key of your own.", "SigningRequest")];
        return uses.Count > 0
            ? [profile.Find(FindingCodes.KeyReused, "You have had a certificate for this key before. A new key is the better choice.", "SigningRequest")]
            : [];
    }

    private static async Task<IReadOnlyList<Finding>> FindSubjectAsync(PortalDbContext db, IssuanceOrder order, IssuanceProfile profile, CancellationToken ct)
    {
        if (profile.Issuer != Issuers.People || order.Subject.IsEmpty) return [];
        var subject = order.Subject.ToString();
        var isTaken = await db.IssuedCertificates.AnyAsync(certificate => certificate.Subject == subject && certificate.UserId != order.UserId, ct);
        return isTaken ? [profile.Find(FindingCodes.SubjectOfAnother, "This subject belongs to somebody else, for life.", "FullName")] : [];
    }
}

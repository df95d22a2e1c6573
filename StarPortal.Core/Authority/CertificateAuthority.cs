using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// The one place where end-entity certificates come from; those of STAR orders, which differ in two dates only, by <see cref="CertificateBodies"/>. Whoever calls <see cref="Issue"/> has authorised the order; what it may
/// contain is decided here, by profile, key policy and lint.
/// </summary>
public sealed class CertificateAuthority(
    Issuers issuers, CertificateDrafts drafts, CertificateFacts facts, IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>The certificate as it would be, signed by a throw-away key, and everything that the checks find. Touches no database.</summary>
    /// <exception cref="ServiceException">Invalid: no such profile, or the key cannot be read at all.</exception>
    public ToBeIssued Preview(IssuanceOrder order)
    {
        var draft = drafts.Make(order, clock.GetUtcNow());
        var der = draft.SignByThrowAway();
        return new ToBeIssued(der, CertificateText.Render(der), draft.Findings);
    }

    /// <summary>What <see cref="Preview"/> finds, and what the database knows: the key or the subject of somebody else, a key reported as compromised.</summary>
    /// <exception cref="ServiceException">As <see cref="Preview"/>.</exception>
    public async Task<IReadOnlyList<Finding>> CheckAsync(IssuanceOrder order, CancellationToken ct)
    {
        var draft = drafts.Make(order, clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(ct);
        return [.. draft.Findings, .. await facts.FindAsync(db, order, ct)];
    }

    /// <summary>
    /// Signs, and adds the certificate and its audit row to the caller's unit of work: nothing is issued unless that is saved.
    /// </summary>
    /// <exception cref="ServiceException">Invalid: a finding blocks the order; Unavailable: the authority is not set up.</exception>
    public IssuedCertificate Issue(PortalDbContext db, IssuanceOrder order, Actor actor)
    {
        var signed = Sign(order, actor);
        signed.AddTo(db);
        return signed.Certificate;
    }

    /// <summary>As <see cref="Issue"/>, for a unit of work that is saved in a group: nothing is issued unless <see cref="SignedCertificate.AddTo(RowBatch)"/> is saved.</summary>
    /// <exception cref="ServiceException">As <see cref="Issue"/>.</exception>
    public SignedCertificate Sign(IssuanceOrder order, Actor actor)
    {
        drafts.RequireOurs(order);
        var now = clock.GetUtcNow();
        var draft = drafts.Make(order, now);
        if (draft.IsBlocked) throw AuthorityErrors.Blocked(draft.Findings);

        var certificate = IssuedCertificate.Of(order, draft.Issuer.Name, draft.Content, draft.SignByIssuer(), now);
        return new SignedCertificate(certificate, AuditRecord.Of(AuditAction.CertificateIssued, actor, "certificate", certificate.SerialNumber.ToString(), now,
            $"{certificate.Profile}: {certificate.Subject} for {certificate.SourceKey}"));
    }

    /// <summary>
    /// Revokes at once for OCSP; the CRL follows through the outbox as soon as the caller has saved. A certificate of a CA that is not ours ends for the portal alone: the world
    /// hears of it from that CA.
    /// </summary>
    /// <exception cref="ServiceException">Conflict: revoked already.</exception>
    public void Revoke(PortalDbContext db, IssuedCertificate certificate, RevocationReason reason, Actor actor)
    {
        var now = clock.GetUtcNow();
        certificate.Revoke(reason, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CertificateRevoked, actor, "certificate", certificate.SerialNumber.ToString(), now, $"{reason}: {certificate.Subject}"));
        if (certificate.Issuer != Issuers.External) db.Outbox.Add(PublishCrl.For(certificate, now));
    }

    /// <summary>Whether a save failed because a certificate exists for the same source: the unique index, by each provider's name for it.</summary>
    public static bool IsIssuedAlready(DbUpdateException error) => error.InnerException?.Message.Contains(nameof(IssuedCertificate.SourceKey), StringComparison.Ordinal) is true;

    /// <summary>The issuing CA and the root: what a client sends or installs besides its own certificate.</summary>
    public IReadOnlyList<X509Certificate2> ChainOf(string issuer) => issuers.ChainOf(issuer);
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Puts a credential into a unit of work: a new row, or another content of the one that has these names.</summary>
public sealed class CredentialDeposit(CredentialVault vault, TimeProvider clock)
{
    /// <param name="db">The caller saves it.</param>
    /// <param name="record">Makes the audit record: of the action, the credential and the instant.</param>
    internal async Task<StoredCredential> AddAsync(PortalDbContext db, NewCredential given, Func<AuditAction, StoredCredential, DateTimeOffset, AuditRecord> record, CancellationToken ct)
    {
        var (now, hash) = (clock.GetUtcNow(), given.Key.Hash);
        var known = await db.StoredCredentials.SingleOrDefaultAsync(credential => credential.NameHash == hash, ct);
        var credential = known ?? StoredCredential.Create(given.Key);
        var content = given.Content.CertificateId is null ? await MarkOwnAsync(db, given.Content, ct) : given.Content;
        credential.Replace(given.Owner, given.Origin, content, vault.Seal(credential.Id, content.Key), given.Terms ?? (known?.Origin == given.Origin ? known.Terms : CredentialTerms.None), now);
        if (known is null) db.StoredCredentials.Add(credential);
        db.AuditRecords.Add(record(known is null ? AuditAction.MyProxyStored : AuditAction.MyProxyReplaced, credential, now));
        return credential;
    }

    /// <summary>Which certificate of the chain is one of ours, so that its revocation counts at once.</summary>
    private static async Task<CredentialContent> MarkOwnAsync(PortalDbContext db, CredentialContent content, CancellationToken ct)
    {
        var serials = content.Chain.Select(CredentialChain.SerialNumberOf).OfType<SerialNumber>().ToList();
        var candidates = await db.IssuedCertificates.AsNoTracking().Where(certificate => serials.Contains(certificate.SerialNumber)).ToListAsync(ct);
        var own = candidates.Where(certificate => content.Chain.Any(der => der.AsSpan().SequenceEqual(certificate.Der)))
            .OrderBy(certificate => certificate.UserId is null).FirstOrDefault();
        return own is null ? content : content with { CertificateId = own.Id, UserId = own.UserId };
    }
}

/// <summary>A credential that is to be stored.</summary>
/// <param name="Terms">Null: those that the one before had from the same source, or none.</param>
internal sealed record NewCredential(CredentialKey Key, string Owner, CredentialOrigin Origin, CredentialContent Content, CredentialTerms? Terms);

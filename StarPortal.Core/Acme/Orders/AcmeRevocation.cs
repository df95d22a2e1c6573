using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>revokeCert (RFC 8555 7.6).</summary>
public sealed class AcmeRevocation(IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, OrderShelf shelf, CompromisedKeys compromised, OrderExtensions extensions, TimeProvider clock)
{
    /// <summary>
    /// Who may: the account that ordered it; an account that holds valid authorizations for all its names; whoever signed with the certificate's key.
    /// </summary>
    /// <param name="account">Null when the request was signed by the certificate's own key.</param>
    /// <param name="keyHash">SHA-256 of the SubjectPublicKeyInfo of the key that signed the request.</param>
    /// <param name="asked">As the client sent it.</param>
    /// <exception cref="AcmeException">malformed; unauthorized; alreadyRevoked; badRevocationReason.</exception>
    public async Task RevokeAsync(AcmeAccount? account, string keyHash, RevocationAsked asked, Shared.Actor actor, CancellationToken ct)
    {
        await extensions.RequireRevocableAsync(asked.Certificate, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await FindAsync(db, asked.Certificate, ct) ?? throw AcmeOrderErrors.UnknownCertificate();
        var byKey = account is null && certificate.KeyHash == keyHash;
        if (!byKey && (account is null || !await MayAsync(db, account, certificate, ct)))
            throw AcmeErrors.Unauthorized("Neither has this account ordered the certificate, nor does it hold authorizations for all its names, nor is this the certificate's key.");
        if (certificate.IsRevoked) throw AcmeOrderErrors.AlreadyRevoked();

        authority.Revoke(db, certificate, asked.Reason, actor);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw AcmeOrderErrors.AlreadyRevoked();
        }

        if (asked.Reason is RevocationReason.KeyCompromise) compromised.Add(certificate.KeyHash);
    }

    /// <summary>The very certificate, not only one with its serial number.</summary>
    private static async Task<IssuedCertificate?> FindAsync(PortalDbContext db, byte[] der, CancellationToken ct)
    {
        if (RevocationAsked.SerialOf(der) is not { } serial) return null;
        var certificate = await db.IssuedCertificates.SingleOrDefaultAsync(candidate => candidate.SerialNumber == serial, ct);
        return certificate is not null && certificate.Issuer == Issuers.Servers && certificate.Der.AsSpan().SequenceEqual(der) ? certificate : null;
    }

    private async Task<bool> MayAsync(PortalDbContext db, AcmeAccount account, IssuedCertificate certificate, CancellationToken ct)
    {
        if (AcmeOrder.OrderOf(certificate.SourceKey) is { } orderId && (await shelf.FindOrderAsync(orderId, ct))?.AccountId == account.Id) return true;
        var now = clock.GetUtcNow();
        List<(string Name, bool IsWildcard)> names = [.. certificate.Names.Select(AuthorizationNameOf)];
        var held = await db.ListHeldAsync(account.Id, names.Select(name => name.Name), ct);
        return names.Count > 0
            && names.TrueForAll(name => held.Exists(one => one.Name == name.Name && one.IsWildcard == name.IsWildcard && one.StatusAt(now) is AcmeAuthorizationStatus.Valid));
    }

    private static (string Name, bool IsWildcard) AuthorizationNameOf(string name) => name switch
    {
        _ when name.StartsWith("DNS:*.", StringComparison.Ordinal) => ($"dns:{name[6..]}", true),
        _ when name.StartsWith("DNS:", StringComparison.Ordinal) => ($"dns:{name[4..]}", false),
        _ when name.StartsWith("IP:", StringComparison.Ordinal) => ($"ip:{name[3..]}", false),
        _ => (name, false), // Nobody holds an authorization for such a name.
    };
}

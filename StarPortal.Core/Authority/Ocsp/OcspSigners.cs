using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// The delegated signers of OCSP answers, one for each CA. Each is renewed when a third of its time is left, by the job; when no job
/// ran, by the first question that finds it so.
/// </summary>
public sealed class OcspSigners(
    Issuers issuers, ServerKey serverKey, IDbContextFactory<PortalDbContext> contexts, IOptions<AuthorityOptions> options, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, LoadedSigner> current = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <returns>How many were renewed.</returns>
    public async Task<int> RenewDueAsync(CancellationToken ct)
    {
        var renewed = 0;
        foreach (var issuer in issuers.All)
        {
            if (await LoadAsync(issuer, ct) is not null) continue;
            await GetAsync(issuer, ct);
            renewed++;
        }

        return renewed;
    }

    public void Dispose() => turn.Dispose();

    internal async ValueTask<LoadedSigner> GetAsync(Issuer issuer, CancellationToken ct)
    {
        if (current.TryGetValue(issuer.Name, out var signer) && IsFresh(signer.NotBefore, signer.NotAfter)) return signer;
        await turn.WaitAsync(ct);
        try
        {
            return current[issuer.Name] = await LoadAsync(issuer, ct) ?? await MakeAsync(issuer, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private bool IsFresh(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var now = clock.GetUtcNow();
        return notBefore <= now && now < notAfter - ((notAfter - notBefore) / 3);
    }

    private async Task<LoadedSigner?> LoadAsync(Issuer issuer, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var stored = await db.OcspSigners.AsNoTracking().Where(signer => signer.Issuer == issuer.Name)
            .OrderByDescending(signer => signer.NotAfter).FirstOrDefaultAsync(ct);
        return stored is not null && IsFresh(stored.NotBefore, stored.NotAfter) ? Open(stored) : null;
    }

    private LoadedSigner Open(OcspSigner stored)
    {
        var pkcs8 = serverKey.Open(OcspSigner.KeyPurpose, stored.SealedKey);
        try
        {
            return new LoadedSigner(Pkcs8.Import(pkcs8), stored.Der, stored.NotBefore, stored.NotAfter);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private async Task<LoadedSigner> MakeAsync(Issuer issuer, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // The kind of key that the issuer has: whoever can check the certificate can check the answer.
        var algorithm = PublicKeyFacts.Parse(issuer.PublicKeyInfo).Kind is KeyKind.Rsa ? KeyAlgorithm.Rsa2048 : KeyAlgorithm.EcdsaP256;
        using var key = new SigningKey(algorithm.MakeKey());
        var content = OwnCertificates.Signer(issuer, key.PublicKeyInfo, options.Value.OcspSignerLifetime, now);
        var der = issuer.Sign(content.Sign);
        var signer = OcspSigner.Of(issuer.Name, content, der, Seal(key));

        await using var db = await contexts.CreateDbContextAsync(ct);
        db.OcspSigners.Add(signer);
        db.IssuedCertificates.Add(IssuedCertificate.OfOwn(der, issuer.Name, OwnCertificates.OcspSigner, $"ocsp-signer:{signer.Id}", now));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.OcspSignerIssued, Actor.System("ocsp"), "certificate", content.SerialNumber.ToString(), now, $"OCSP signer of {issuer.Name}"));
        await db.SaveChangesAsync(ct);
        await db.OcspSigners.Where(old => old.NotAfter < now).ExecuteDeleteAsync(ct);
        return Open(signer);
    }

    private byte[] Seal(SigningKey key)
    {
        var pkcs8 = key.ExportPkcs8();
        try
        {
            return serverKey.Seal(OcspSigner.KeyPurpose, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}

/// <summary>A signer that is ready to sign.</summary>
internal sealed record LoadedSigner(SigningKey Key, byte[] Der, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

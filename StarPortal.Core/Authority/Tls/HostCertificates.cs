using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// HTTPS with a certificate of our own CA. The certificate in use is kept in memory; it is renewed when a third of its time is left,
/// by the job "tls-certificate", and a listener that asks again at each connection gets the new one.
/// </summary>
public sealed class HostCertificates(
    CertificateAuthority authority, IssuanceProfiles profiles, ServerKey serverKey, IDbContextFactory<PortalDbContext> contexts, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    private volatile Held? held;

    /// <summary>The certificate that listeners use now; null before <see cref="GetOrIssueAsync"/> was called.</summary>
    public TlsCertificate? Current => held?.Certificate;

    /// <summary>The names of the portal's own certificate: the host of its public URL, and this machine's.</summary>
    public static IReadOnlyList<string> NamesFor(PortalOptions portal) =>
        [.. new[] { portal.BaseUrl.IdnHost.ToLowerInvariant(), "localhost", "127.0.0.1", "::1" }.Select(name => name.Trim('[', ']')).Distinct(StringComparer.Ordinal)];

    /// <summary>The certificate for these names: from memory, else the database's, else a new one; a new one also when it is due.</summary>
    /// <exception cref="ServiceException">Invalid: a name cannot be certified.</exception>
    public async ValueTask<TlsCertificate> GetOrIssueAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        var key = string.Join(' ', names.Order(StringComparer.Ordinal));
        if (held is { } current && current.Names == key && IsFresh(current.Certificate)) return current.Certificate;

        await turn.WaitAsync(ct);
        try
        {
            var certificate = await FindAsync(key, ct) ?? await IssueAsync(names, key, ct);
            held = new Held(key, [.. names], certificate);
            return certificate;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <returns>Whether the certificate in use was due and is another now.</returns>
    public async Task<bool> RenewDueAsync(CancellationToken ct)
    {
        if (held is not { } current || await FindAsync(current.Names, ct) is { } stored && stored.Certificate.Thumbprint == current.Certificate.Certificate.Thumbprint) return false;
        held = null;
        await GetOrIssueAsync(current.List, ct);
        return true;
    }

    public void Dispose() => turn.Dispose();

    private bool IsFresh(TlsCertificate certificate)
    {
        var now = clock.GetUtcNow();
        return certificate.NotBefore <= now && now < certificate.NotAfter - ((certificate.NotAfter - certificate.NotBefore) / 3);
    }

    private async Task<TlsCertificate?> FindAsync(string names, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificates = db.IssuedCertificates;
        var stored = await db.HostCertificates.AsNoTracking().Where(host => host.Names == names).OrderByDescending(host => host.CreatedAt)
            .Join(certificates, host => host.CertificateId, certificate => certificate.Id, (host, certificate) => new { host.SealedKey, certificate.Der, certificate.RevokedAt })
            .FirstOrDefaultAsync(ct);
        if (stored is null || stored.RevokedAt is not null) return null;
        var certificate = Assemble(stored.Der, stored.SealedKey);
        return IsFresh(certificate) ? certificate : null;
    }

    private async Task<TlsCertificate> IssueAsync(IReadOnlyList<string> names, string key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var profile = profiles.Get(IssuanceProfiles.Host);
        SubjectAlternativeName[] list = [.. names.Select(name => IPAddress.TryParse(name, out _) ? SubjectAlternativeName.Ip(name) : SubjectAlternativeName.Dns(name))];
        using var privateKey = profile.PortalKey.MakeKey();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = authority.Issue(db, new IssuanceOrder
        {
            Profile = profile.Name,
            Subject = profile.RenderSubject(list),
            Names = list,
            PublicKeyInfo = privateKey.ExportSubjectPublicKeyInfo(),
            SourceKey = $"tls:{SecureTokens.NewId()}",
        }, Actor.System("tls-certificate"));
        var host = HostCertificate.Of(key, certificate.Id, Seal(privateKey), now);
        db.HostCertificates.Add(host);
        await db.SaveChangesAsync(ct);
        return Assemble(certificate.Der, host.SealedKey);
    }

    private byte[] Seal(AsymmetricAlgorithm key)
    {
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return serverKey.Seal(HostCertificate.KeyPurpose, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private TlsCertificate Assemble(byte[] der, byte[] sealedKey)
    {
        var pkcs8 = serverKey.Open(HostCertificate.KeyPurpose, sealedKey);
        using var key = Pkcs8.ImportKey(pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        using var bare = X509CertificateLoader.LoadCertificate(der);
        var certificate = key switch
        {
            RSA rsa => bare.CopyWithPrivateKey(rsa),
            ECDsa ecdsa => bare.CopyWithPrivateKey(ecdsa),
            _ => throw new NotSupportedException(),
        };
        var chain = authority.ChainOf(profiles.Get(IssuanceProfiles.Host).Issuer);
        return new TlsCertificate(certificate, chain, SslStreamCertificateContext.Create(certificate, [chain[0]], offline: true));
    }

    private sealed record Held(string Names, IReadOnlyList<string> List, TlsCertificate Certificate);
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// TLS with certificates of our own CA: HTTPS by the profile "host", other listeners by profiles of their own. What is in use is kept in memory; it is renewed when a third
/// of its time is left, by the job "tls-certificate", and a listener that asks again at each connection gets the new one.
/// </summary>
public sealed class HostCertificates(
    CertificateAuthority authority, IssuanceProfiles profiles, ServerKey serverKey, IDbContextFactory<PortalDbContext> contexts, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>By profile.</summary>
    private readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);

    /// <summary>The certificate that HTTPS uses now; null before it was asked for.</summary>
    public TlsCertificate? Current => held.GetValueOrDefault(IssuanceProfiles.Host)?.Certificate;

    /// <summary>The names of the portal's own certificate: the host of its public URL, and this machine's.</summary>
    public static IReadOnlyList<string> NamesFor(PortalOptions portal) =>
        [.. new[] { portal.BaseUrl.IdnHost.ToLowerInvariant(), "localhost", "127.0.0.1", "::1" }.Select(name => name.Trim('[', ']')).Distinct(StringComparer.Ordinal)];

    /// <summary>The HTTPS certificate for these names: from memory, else the database's, else a new one; a new one also when it is due.</summary>
    /// <exception cref="ServiceException">Invalid: a name cannot be certified.</exception>
    public ValueTask<TlsCertificate> GetOrIssueAsync(IReadOnlyList<string> names, CancellationToken ct) => GetOrIssueAsync(IssuanceProfiles.Host, names, ct);

    /// <summary>The same by another profile of the same kind.</summary>
    /// <exception cref="ServiceException">Invalid: no such profile, or a name cannot be certified.</exception>
    public async ValueTask<TlsCertificate> GetOrIssueAsync(string profile, IReadOnlyList<string> names, CancellationToken ct)
    {
        var key = string.Join(' ', names.Order(StringComparer.Ordinal));
        if (FindHeld(profile, key) is { } current) return current;

        await turn.WaitAsync(ct);
        try
        {
            if (FindHeld(profile, key) is { } others) return others;
            var certificate = await FindAsync(profile, key, ct) ?? await IssueAsync(profiles.Get(profile), names, key, ct);
            held[profile] = new Held(key, [.. names], certificate);
            return certificate;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <returns>Whether a certificate in use was due and is another now.</returns>
    public async Task<bool> RenewDueAsync(CancellationToken ct)
    {
        var isRenewed = false;
        foreach (var (profile, current) in held)
        {
            if (await FindAsync(profile, current.Names, ct) is { } stored && stored.Certificate.Thumbprint == current.Certificate.Certificate.Thumbprint) continue;
            held.TryRemove(profile, out _);
            await GetOrIssueAsync(profile, current.List, ct);
            isRenewed = true;
        }

        return isRenewed;
    }

    public void Dispose() => turn.Dispose();

    private TlsCertificate? FindHeld(string profile, string names) =>
        held.TryGetValue(profile, out var current) && current.Names == names && IsFresh(current.Certificate) ? current.Certificate : null;

    private bool IsFresh(TlsCertificate certificate)
    {
        var now = clock.GetUtcNow();
        return certificate.NotBefore <= now && now < certificate.NotAfter - ((certificate.NotAfter - certificate.NotBefore) / 3);
    }

    private async Task<TlsCertificate?> FindAsync(string profile, string names, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificates = db.IssuedCertificates.Where(certificate => certificate.Profile == profile);
        var stored = await db.HostCertificates.AsNoTracking().Where(host => host.Names == names).OrderByDescending(host => host.CreatedAt)
            .Join(certificates, host => host.CertificateId, certificate => certificate.Id, (host, certificate) => new { host.SealedKey, certificate.Der, certificate.RevokedAt })
            .FirstOrDefaultAsync(ct);
        if (stored is null || stored.RevokedAt is not null) return null;
        var certificate = Assemble(profiles.Get(profile), stored.Der, stored.SealedKey);
        return IsFresh(certificate) ? certificate : null;
    }

    private async Task<TlsCertificate> IssueAsync(IssuanceProfile profile, IReadOnlyList<string> names, string key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
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
        return Assemble(profile, certificate.Der, host.SealedKey);
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

    private TlsCertificate Assemble(IssuanceProfile profile, byte[] der, byte[] sealedKey)
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
        var chain = authority.ChainOf(profile.Issuer);
        return new TlsCertificate(certificate, chain, SslStreamCertificateContext.Create(certificate, [chain[0]], offline: true));
    }

    private sealed record Held(string Names, IReadOnlyList<string> List, TlsCertificate Certificate);
}

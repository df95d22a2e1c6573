using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>A certificate with its chain as clients download it.</summary>
/// <param name="Pem">RFC 8555 9.1: strict PEM, the end-entity certificate first, one line end between.</param>
/// <param name="Chain">Which chain it is.</param>
/// <param name="Chains">How many there are.</param>
public sealed record CertificateDownload(byte[] Pem, int Chain, int Chains);

/// <summary>Issued certificates of orders, those of the last minutes in memory: they are downloaded right after.</summary>
public sealed class CertificateShelf(IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority)
{
    /// <summary>Chain 0 ends below the root, which clients have; chain 1 has the root as well.</summary>
    private const int Chains = 2;

    private readonly SnapshotCache<Guid, Leaf> leaves = new(5_000);
    private readonly ConcurrentDictionary<(string Issuer, int Chain), byte[]> issuers = new();

    /// <summary>What was just committed.</summary>
    public void Put(Guid orderId, IssuedCertificate certificate) => leaves.Put(orderId, new Leaf(certificate.Der, certificate.Issuer), long.MaxValue);

    /// <exception cref="AcmeException">404: no such chain, or no certificate.</exception>
    public async ValueTask<CertificateDownload> GetAsync(AcmeOrder order, int chain, CancellationToken ct)
    {
        if (chain is < 0 or >= Chains || order.CertificateSerial is not { } serial) throw AcmeErrors.NotFound();
        var leaf = leaves.Find(order.Id, long.MinValue) ?? await ReadAsync(order.Id, serial, ct);
        return new CertificateDownload(Compose(leaf.Der, leaf.Issuer, chain), chain, Chains);
    }

    /// <summary>A certificate with its issuers, as <see cref="CertificateDownload.Pem"/>.</summary>
    internal byte[] Compose(byte[] der, string issuer, int chain = 0) => [.. Write(der), .. issuers.GetOrAdd((issuer, chain), WriteIssuers)];

    private async Task<Leaf> ReadAsync(Guid orderId, SerialNumber serial, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var leaf = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SerialNumber == serial)
            .Select(certificate => new Leaf(certificate.Der, certificate.Issuer)).FirstOrDefaultAsync(ct) ?? throw AcmeErrors.NotFound();
        leaves.Put(orderId, leaf, long.MaxValue);
        return leaf;
    }

    private byte[] WriteIssuers((string Issuer, int Chain) key) =>
        [.. authority.ChainOf(key.Issuer).Take(key.Chain + 1).SelectMany(certificate => Write(certificate.RawDataMemory.ToArray()))];

    private static byte[] Write(byte[] der) => Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", der) + "\n");

    private sealed record Leaf(byte[] Der, string Issuer);
}

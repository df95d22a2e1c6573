using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>A certificate that was issued for a delegated order.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Serial">Upper-case hex.</param>
public sealed record DelegatedCertificate(long Number, string Serial, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset IssuedAt);

/// <summary>Reads an order's certificates from where they are: the STAR room, the CA's own book, or what the portal keeps for another CA.</summary>
internal static class DelegatedCertificates
{
    /// <summary>Of an order at this portal's own CA: what the CA knows it by.</summary>
    public static Guid? LocalIdOf(DelegatedOrder order) =>
        order.Upstream == UpstreamBook.Local && Guid.TryParseExact(order.UpstreamOrder, "N", out var id) ? id : null;

    /// <returns>The oldest first.</returns>
    public static async Task<IReadOnlyList<DelegatedCertificate>> ReadLastAsync(PortalDbContext db, DelegatedOrder order, int most, CancellationToken ct)
    {
        var last = LocalIdOf(order) is not { } id ? Kept(db, order.Id, most) : order.IsStar ? Renewed(db, id, most) : Single(db, id);
        var found = await last.ToListAsync(ct);
        found.Reverse();
        return found;
    }

    private static IQueryable<DelegatedCertificate> Renewed(PortalDbContext db, Guid id, int most) =>
        db.StarCertificates.AsNoTracking().Where(certificate => certificate.OrderId == id).OrderByDescending(certificate => certificate.Slot).Take(most)
            .Select(certificate => new DelegatedCertificate(certificate.Slot + 1, certificate.SerialNumber.ToString(), certificate.NotBefore, certificate.NotAfter, certificate.IssuedAt));

    private static IQueryable<DelegatedCertificate> Kept(PortalDbContext db, Guid id, int most) =>
        db.KeptCertificates.AsNoTracking().Where(certificate => certificate.OrderId == id).OrderByDescending(certificate => certificate.Number).Take(most)
            .Select(certificate => new DelegatedCertificate(certificate.Number + 1, certificate.SerialNumber, certificate.NotBefore, certificate.NotAfter, certificate.IssuedAt));

    private static IQueryable<DelegatedCertificate> Single(PortalDbContext db, Guid id)
    {
        var source = AcmeOrder.SourceKeyOf(id);
        return db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SourceKey == source)
            .Select(certificate => new DelegatedCertificate(1, certificate.SerialNumber.ToString(), certificate.NotBefore, certificate.NotAfter, certificate.NotBefore));
    }
}

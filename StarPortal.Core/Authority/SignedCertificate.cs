using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>A certificate that is signed and not yet on record. It leaves the process only after <see cref="AddTo(RowBatch)"/> was saved.</summary>
public sealed class SignedCertificate
{
    private readonly AuditRecord record;

    internal SignedCertificate(IssuedCertificate certificate, AuditRecord record) => (Certificate, this.record) = (certificate, record);

    public IssuedCertificate Certificate { get; }

    /// <summary>Adds the certificate and its audit row to the caller's unit of work.</summary>
    public void AddTo(PortalDbContext db)
    {
        db.IssuedCertificates.Add(Certificate);
        db.AuditRecords.Add(record);
    }

    /// <summary>As above, for a unit of work that is saved in a group. May be called again when that was not saved.</summary>
    public void AddTo(RowBatch rows)
    {
        rows.Insert(Certificate);
        rows.Insert(record);
    }
}

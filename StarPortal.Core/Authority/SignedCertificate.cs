using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>A certificate that is signed and not yet on record. It leaves the process only after <see cref="AddTo"/> was saved.</summary>
public sealed class SignedCertificate
{
    private readonly AuditRecord record;

    internal SignedCertificate(IssuedCertificate certificate, AuditRecord record) => (Certificate, this.record) = (certificate, record);

    public IssuedCertificate Certificate { get; }

    /// <summary>Adds the certificate and its audit row to the caller's unit of work. May be called again with another context when that was not saved.</summary>
    public void AddTo(PortalDbContext db)
    {
        db.IssuedCertificates.Add(Certificate);
        db.AuditRecords.Add(record);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>What the audit log says of a delegation, an order or a consumer, for those who may see it.</summary>
internal static class DelegationHistory
{
    private const int MostRecords = 40;

    /// <param name="ids">Of the objects.</param>
    /// <returns>The newest first.</returns>
    public static async Task<IReadOnlyList<AuditRecord>> ReadAsync(PortalDbContext db, IEnumerable<Guid> ids, CancellationToken ct)
    {
        string[] texts = [.. ids.Select(id => id.ToString())];
        return await db.AuditRecords.AsNoTracking().Where(record => texts.Contains(record.ObjectId)).OrderByDescending(record => record.Sequence).Take(MostRecords).ToListAsync(ct);
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Support;

internal static class AuditLog
{
    /// <summary>Fails unless the records of the whole log are numbered without a gap and each is chained to the one before.</summary>
    public static async Task RequireIntactAsync(PortalDbContext db)
    {
        var (sequence, hash) = (0L, AuditChain.Origin);
        await foreach (var record in db.AuditRecords.AsNoTracking().OrderBy(record => record.Sequence).AsAsyncEnumerable())
        {
            Assert.Equal(++sequence, record.Sequence);
            Assert.Equal(hash, record.PreviousHash);
            Assert.Equal(record.ComputeHash(), record.Hash);
            hash = record.Hash;
        }
    }
}

using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>A finalize that was refused and left its order open.</summary>
public sealed record FinalizeRefusal(DateTimeOffset At, AcmeProblemType Type, string Detail);

/// <summary>Why orders were refused their certificates, for people: the order itself stays ready and says nothing of it. Kept as audit records.</summary>
public sealed class FinalizeRefusals(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>Of one order, each reason once: a client that tries again and again fills nothing.</summary>
    public const int MostOfOneOrder = 5;

    private const int MostCounted = 10_000;

    private static readonly Dictionary<string, AcmeProblemType> Types = Enum.GetValues<AcmeProblemType>().ToDictionary(type => type.Token, StringComparer.Ordinal);

    public async Task RecordAsync(AcmeCaller caller, AcmeOrder order, AcmeException refused, CancellationToken ct)
    {
        var record = AuditRecord.Of(AuditAction.AcmeFinalizeRefused, caller.Actor, "acme-order", order.Id, clock.GetUtcNow(), $"{refused.Type.Token}: {Describe(refused)}");
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await Of(db, order.Id).Select(earlier => earlier.Detail).ToListAsync(ct);
        if (known.Count >= MostOfOneOrder || known.Contains(record.Detail)) return;
        db.AuditRecords.Add(record);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Those of an order, the last one first.</summary>
    internal static async Task<IReadOnlyList<FinalizeRefusal>> ListAsync(PortalDbContext db, Guid orderId, CancellationToken ct)
    {
        var records = await Of(db, orderId).OrderByDescending(record => record.Sequence).Take(MostOfOneOrder).ToListAsync(ct);
        return [.. records.Select(record => Read(record.At, record.Detail)).OfType<FinalizeRefusal>()];
    }

    /// <summary>How many orders there were with each reason, of the latest.</summary>
    internal static async Task<Dictionary<AcmeProblemType, int>> CountAsync(PortalDbContext db, DateTimeOffset since, CancellationToken ct)
    {
        var records = await db.AuditRecords.AsNoTracking().Where(record => record.Action == AuditAction.AcmeFinalizeRefused && record.At >= since)
            .OrderByDescending(record => record.Sequence).Take(MostCounted).Select(record => new { record.ObjectId, record.At, record.Detail }).ToListAsync(ct);
        return records.Select(record => (record.ObjectId, Read(record.At, record.Detail)?.Type)).Distinct().Where(refusal => refusal.Type is not null)
            .GroupBy(refusal => refusal.Type!.Value).ToDictionary(group => group.Key, group => group.Count());
    }

    private static IQueryable<AuditRecord> Of(PortalDbContext db, Guid orderId)
    {
        var id = orderId.ToString();
        return db.AuditRecords.AsNoTracking().Where(record => record.ObjectId == id && record.Action == AuditAction.AcmeFinalizeRefused);
    }

    private static string Describe(AcmeException refused) => refused.Subproblems is { Count: > 1 } parts
        ? string.Join(' ', parts.Select(part => part.Identifier is { } identifier ? $"{identifier.Value}: {part.Detail}" : part.Detail))
        : refused.Message;

    private static FinalizeRefusal? Read(DateTimeOffset at, string? record) =>
        record?.Split(": ", 2) is [var token, var detail] && Types.TryGetValue(token, out var type) ? new(at, type, detail) : null;
}

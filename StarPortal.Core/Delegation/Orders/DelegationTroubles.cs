using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>Certificates for consumers that other CAs do not renew.</summary>
/// <param name="FirstEnd">When the first of them ends.</param>
/// <param name="Reason">Of the same.</param>
public sealed record DelegationTrouble(int Standing, DateTimeOffset? FirstEnd, string? Reason)
{
    public static readonly DelegationTrouble None = new(0, null, null);
}

/// <summary>For the alarms of administrators.</summary>
public sealed class DelegationTroubles(IDbContextFactory<PortalDbContext> contexts)
{
    public const int MostCounted = 1_000;

    public async Task<DelegationTrouble> ReadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var standing = DelegationTroubleJob.Standing(db).OrderBy(order => order.LastNotAfter);
        return await standing.Select(order => new { order.LastNotAfter, order.Detail }).FirstOrDefaultAsync(ct) is { } first
            ? new DelegationTrouble(await standing.Take(MostCounted).CountAsync(ct), first.LastNotAfter, first.Detail) : DelegationTrouble.None;
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Tells owners long before a certificate runs out that another CA does not renew it: once a day, one mail for all.</summary>
internal sealed class DelegationTroubleJob(IDbContextFactory<PortalDbContext> contexts, DailyReminder reminder, IOptions<PortalOptions> portal) : IPortalJob
{
    /// <summary>Attempts that failed one after the other; one may be chance.</summary>
    internal const int Enough = 3;

    private const int MostOwners = 1_000;

    public string Name => "delegation-trouble";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var owners = await Standing(db).GroupBy(order => order.OwnerId).Select(group => new { OwnerId = group.Key, Count = group.Count() }).Take(MostOwners).ToListAsync(ct);
        var told = 0;
        foreach (var owner in owners)
            if (await TellAsync(owner.OwnerId, owner.Count, ct)) told++;
        return $"{told} owners told of certificates that are not renewed";
    }

    internal static IQueryable<DelegatedOrder> Standing(PortalDbContext db) =>
        db.DelegatedOrders.AsNoTracking().Where(order => order.Status == DelegatedOrderStatus.Valid && order.Failures >= Enough);

    private async Task<bool> TellAsync(Guid ownerId, int count, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await Standing(db).Where(order => order.OwnerId == ownerId).OrderBy(order => order.LastNotAfter).FirstOrDefaultAsync(ct) is not { } first) return false;
        return await reminder.TellAsync(ownerId, Name, "delegation/renewals-stopped", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["count"] = count.ToString(CultureInfo.InvariantCulture),
            ["names"] = first.Names.Replace('\n', ' '),
            ["upstream"] = first.Upstream,
            ["reason"] = first.Detail ?? "",
            ["ends"] = $"{first.LastNotAfter:d MMMM yyyy HH:mm} UTC",
            ["link"] = portal.Value.Link("/delegations"),
        }, ct);
    }
}

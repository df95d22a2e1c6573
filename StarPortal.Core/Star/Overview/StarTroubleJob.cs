using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>Tells owners that certificates of theirs are not renewed, once a day and one mail for all of them; administrators where there is no owner.</summary>
internal sealed class StarTroubleJob(IDbContextFactory<PortalDbContext> contexts, DailyReminder reminder, IOptions<PortalOptions> portal, TimeProvider clock) : IPortalJob
{
    private const int MostOwners = 1_000;

    /// <summary>What passes by itself within this time is nobody's business.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Name => "star-trouble";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var before = now - Patience;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (standing, accounts) = (db.StarOrders.AsNoTracking().In(StarOrderState.Troubled, now).Where(order => order.TroubleSince < before), db.AcmeAccounts);
        var owners = await standing.Join(accounts, order => order.AccountId, account => account.Id, (order, account) => new { account.OwnerId, order.LastNotAfter })
            .GroupBy(row => row.OwnerId).Select(group => new { OwnerId = group.Key, Count = group.Count(), FirstEnd = group.Min(row => row.LastNotAfter) }).Take(MostOwners).ToListAsync(ct);
        var told = 0;
        foreach (var owner in owners)
        {
            var example = await standing.Join(accounts.Where(account => account.OwnerId == owner.OwnerId), order => order.AccountId, account => account.Id, (order, _) => order)
                .OrderBy(order => order.LastNotAfter).FirstOrDefaultAsync(ct);
            if (example is not null && await TellAsync(owner.OwnerId, owner.Count, example, ct)) told++;
        }

        return $"{told} people told of renewals that stand still";
    }

    private Task<bool> TellAsync(Guid? ownerId, int count, StarOrder example, CancellationToken ct) => reminder.TellAsync(ownerId, Name, "star/renewals-stopped", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["count"] = count.ToString(CultureInfo.InvariantCulture),
        ["names"] = example.Names.Replace("dns:", "", StringComparison.Ordinal).Replace('\n', ' '),
        ["reason"] = example.Trouble ?? "",
        ["ends"] = $"{example.LastNotAfter:d MMMM yyyy HH:mm} UTC",
        ["link"] = portal.Value.Link(ownerId is null ? "/admin/star?state=Troubled" : $"/star/{example.Id}"),
    }, ct);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Renewal;

/// <summary>
/// Tells people whose certificates come to their end, a batch at a time, so that a hundred thousand take no more memory than a hundred. It may run as often as it likes, and
/// beside itself: a slot has one row, which is written with the mail.
/// </summary>
public sealed class RenewalNightJob(IDbContextFactory<PortalDbContext> contexts, NoticeWriter writer, IOptions<RenewalOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "renewal-night";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var until = now + NoticeSlots.Of(options.Value).LongestLead;
        var people = 0;
        NightCursor? behind = null;
        while (await NextAsync(behind, now, until, ct) is { } batch)
        {
            people += await writer.WriteAsync(batch.People, ct);
            behind = batch.End;
        }

        return $"{people} people told that a certificate of theirs ends";
    }

    private async Task<(IReadOnlyList<Guid> People, NightCursor End)?> NextAsync(NightCursor? behind, DateTimeOffset now, DateTimeOffset until, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await NightCursor.ReadAsync(db, behind, now, until, options.Value.BatchSize, ct);
    }
}

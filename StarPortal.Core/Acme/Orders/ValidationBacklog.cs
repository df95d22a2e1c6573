using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Acme;

/// <summary>Attempts that this node has leased and not yet begun. The rows are the truth: what is lost here with the process is found there.</summary>
public sealed class ValidationBacklog(IDbContextFactory<PortalDbContext> contexts, OrderStore store, JobRunner jobs, TimeProvider clock)
{
    /// <summary>How long a node may be at an attempt before another may take it.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const int Batch = 200;

    private readonly Channel<LeasedAttempt> waiting = Channel.CreateUnbounded<LeasedAttempt>();

    internal string Node => jobs.Node;

    internal ChannelReader<LeasedAttempt> Waiting => waiting.Reader;

    internal static string FailureKeyOf(AcmeAuthorization authorization) => $"{authorization.AccountId:N} {authorization.Name}";

    internal void Add(LeasedAttempt leased) => waiting.Writer.TryWrite(leased);

    /// <summary>Takes what is due and nobody is at: what failed before, and what a node that ended has left.</summary>
    /// <param name="withOwn">Also what this node leased in a former life.</param>
    internal async Task<int> TakeDueAsync(bool withOwn, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var own = withOwn ? Node : null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var due = await db.AcmeAuthorizations.AsNoTracking()
            .Where(authorization => authorization.DueAt <= now // Only pending ones have it.
                && (authorization.LeasedUntil == null || authorization.LeasedUntil < now || authorization.LeasedBy == own))
            .OrderBy(authorization => authorization.DueAt).Take(Batch).ToListAsync(ct);
        var leased = await Task.WhenAll(due.Select(authorization => store.ChangeAsync(authorization, pending => pending.Lease(Node, Lease, now))));
        foreach (var authorization in leased.OfType<AcmeAuthorization>()) Add(new LeasedAttempt(authorization, null));
        return leased.Count(authorization => authorization is not null);
    }
}

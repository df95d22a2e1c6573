using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>
/// A client's choice of a challenge (RFC 8555 7.5.1) that is not written down yet. Whoever takes it first does that, once: the attempt, together
/// with its outcome, when that is known at once; the client's request, before it is answered, when it is not.
/// </summary>
public sealed class ChallengeChoice(AcmeAuthorization before, Action<AcmeAuthorization> choose, Func<AuditRecord> record)
{
    private readonly TaskCompletionSource<AcmeAuthorization?> saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isTaken;

    /// <summary>The authorization as it was.</summary>
    internal AcmeAuthorization Before => before;

    /// <summary>The authorization as it is on record then; null: somebody else changed it meanwhile.</summary>
    internal Task<AcmeAuthorization?> Saved => saved.Task;

    /// <returns>The authorization as chosen, not on record.</returns>
    internal AcmeAuthorization Preview()
    {
        var chosen = before.Copy();
        choose(chosen);
        return chosen;
    }

    /// <returns>Whether the caller is to write it, by <see cref="SaveAsync"/>.</returns>
    internal bool TryTake() => Interlocked.Exchange(ref isTaken, 1) == 0;

    /// <summary>Writes it, with what is known beyond.</summary>
    internal async Task<AcmeAuthorization?> SaveAsync(OrderStore store, Action<AcmeAuthorization>? also = null, Action<RowBatch>? alsoRows = null)
    {
        try
        {
            var written = await store.ChangeAsync(
                before,
                authorization =>
                {
                    choose(authorization);
                    also?.Invoke(authorization);
                },
                rows =>
                {
                    rows.Insert(record());
                    alsoRows?.Invoke(rows);
                });
            saved.SetResult(written);
            return written;
        }
        catch (Exception error)
        {
            saved.SetException(error);
            throw;
        }
    }
}

using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// Ends what a question finds, each thing in a unit of work of its own. What is over by then is passed over, and what somebody else changes at the
/// same moment is looked at again: whoever is interrupted begins anew.
/// </summary>
public sealed class PieceByPiece(IDbContextFactory<PortalDbContext> contexts)
{
    private const int MaxRounds = 3;

    /// <returns>How many were ended.</returns>
    /// <exception cref="ServiceException">Conflict: one of them still stands after several rounds.</exception>
    internal async Task<int> EndAsync(Func<PortalDbContext, IQueryable<Guid>> find, Func<Guid, Task> end, CancellationToken ct)
    {
        var ended = 0;
        for (var round = 1; ; round++)
        {
            Exception? conflict = null;
            foreach (var id in await ReadAsync(find, ct))
            {
                try
                {
                    await end(id);
                    ended++;
                }
                catch (Exception refusal) when (IsConflict(refusal))
                {
                    conflict = refusal;
                }
            }

            if (conflict is null) return ended;
            if (round == MaxRounds) ExceptionDispatchInfo.Throw(conflict);
        }
    }

    private static bool IsConflict(Exception refusal) =>
        refusal is ServiceException { Kind: ErrorKind.Conflict } or AcmeException { Type: AcmeProblemType.AutoRenewalCancellationInvalid };

    private async Task<List<Guid>> ReadAsync(Func<PortalDbContext, IQueryable<Guid>> find, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await find(db).ToListAsync(ct);
    }
}

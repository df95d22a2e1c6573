using System.Collections.Concurrent;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace StarPortal.Core.Data;

/// <summary>A query that runs with nearly every request: it is translated once for the database's model, and not looked up again.</summary>
internal sealed class CompiledQuery<TFirst, TSecond, TResult>(Expression<Func<PortalDbContext, TFirst, TSecond, IQueryable<TResult>>> query)
{
    private readonly ConcurrentDictionary<IModel, Func<PortalDbContext, TFirst, TSecond, IAsyncEnumerable<TResult>>> byModel = new();

    public ValueTask<List<TResult>> ListAsync(PortalDbContext db, TFirst first, TSecond second, CancellationToken ct) =>
        byModel.GetOrAdd(db.Model, _ => EF.CompileAsyncQuery(query))(db, first, second).ToListAsync(ct);
}

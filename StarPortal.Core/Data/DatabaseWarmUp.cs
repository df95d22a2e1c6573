using Microsoft.EntityFrameworkCore;

namespace StarPortal.Core.Data;

/// <summary>
/// The first model and the first query of a process take more than a second, nearly all of it compilation of the framework's code, which serves
/// every context afterwards. Begun at once, it runs on another core while the rest of the start is prepared.
/// </summary>
public static class DatabaseWarmUp
{
    /// <summary>Touches no database.</summary>
    public static Task BeginAsync() => Task.Run(() =>
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        _ = db.Outbox.AsNoTracking().Where(item => item.Status == OutboxStatus.Pending).OrderBy(item => item.DueAt).ToQueryString();
    });
}

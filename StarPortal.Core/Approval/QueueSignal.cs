using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>Announces on this node that some request changed, as soon as the unit of work that did it is saved.</summary>
public sealed class QueueSignal : SaveChangesInterceptor
{
    private readonly ConditionalWeakTable<DbContext, object> touched = [];

    /// <summary>Called from any thread; <see cref="QueueWatch"/> sets it.</summary>
    internal Action? Changed { get; set; }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && db.ChangeTracker.Entries<EnrollmentRequest>().Any(entry => entry.State is EntityState.Added or EntityState.Modified))
            touched.AddOrUpdate(db, db);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && touched.Remove(db)) Changed?.Invoke();
        return ValueTask.FromResult(result);
    }
}

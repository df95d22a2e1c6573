using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Where a removal is. Kept as text.</summary>
public enum RemovalStatus
{
    /// <summary>The person is locked out; it can be undone.</summary>
    Pending,
    Undone,

    /// <summary>Revoked and deleted.</summary>
    Done,
}

/// <summary>A person is removed: locked out at once, revoked and deleted after a while in which it can be undone. The row stays, with what it needs to be understood.</summary>
public sealed class PersonRemoval
{
    private PersonRemoval()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid UserId { get; private set; }

    /// <summary>Unique while it is pending; null afterwards.</summary>
    public Guid? OpenUserId { get; private set; }

    public string UserName { get; private set; } = "";

    public Guid? OrganisationId { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>User name of who began it.</summary>
    public string AskedBy { get; private set; } = "";

    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>When it is carried out.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The lock on signing in that was there before, and comes back when it is undone.</summary>
    public DateTimeOffset? EarlierLock { get; private set; }

    public RemovalStatus Status { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>User name of who undid it.</summary>
    public string? UndoneBy { get; private set; }

    internal static PersonRemoval Begin(PortalUser user, string reason, Actor actor, TimeSpan grace, DateTimeOffset now) => new()
    {
        UserId = user.Id, OpenUserId = user.Id, UserName = user.UserName!, OrganisationId = user.OrganisationId, Reason = reason, AskedBy = actor.Name, AskedAt = now, DueAt = now + grace,
        EarlierLock = user.LockoutEnd,
    };

    /// <exception cref="ServiceException">Conflict: it is over.</exception>
    internal void Undo(Actor actor, DateTimeOffset now)
    {
        if (Status is not RemovalStatus.Pending || DueAt <= now) throw RemovalErrors.TooLate();
        UndoneBy = actor.Name;
        End(RemovalStatus.Undone, now);
    }

    /// <exception cref="ServiceException">Conflict: it is over.</exception>
    internal void Complete(DateTimeOffset now)
    {
        if (Status is not RemovalStatus.Pending) throw RemovalErrors.TooLate();
        End(RemovalStatus.Done, now);
    }

    private void End(RemovalStatus status, DateTimeOffset now) => (Status, OpenUserId, EndedAt) = (status, null, now);
}

internal sealed class PersonRemovalMapping : IEntityTypeConfiguration<PersonRemoval>
{
    public void Configure(EntityTypeBuilder<PersonRemoval> builder)
    {
        builder.ToTable("PersonRemovals");
        builder.Property(removal => removal.Id).ValueGeneratedNever();
        builder.Property(removal => removal.UserName).HasMaxLength(256);
        builder.Property(removal => removal.Reason).HasMaxLength(500);
        builder.Property(removal => removal.AskedBy).HasMaxLength(200);
        builder.Property(removal => removal.UndoneBy).HasMaxLength(200);
        builder.Property(removal => removal.Status).IsConcurrencyToken();
        builder.HasIndex(removal => removal.OpenUserId).IsUnique();
        builder.HasIndex(removal => new { removal.Status, removal.DueAt });
    }
}

public static class RemovalSets
{
    extension(PortalDbContext db)
    {
        public DbSet<PersonRemoval> PersonRemovals => db.Set<PersonRemoval>();
    }
}
